/**
 * The first text of an encoded array of strings that was there before; undefined if all differ.
 *
 * A vocabulary has 10⁵ of them, and decoding each to put it into a Set takes a quarter of a second: the
 * bytes are compared instead, through a hash table with open addressing.
 *
 * @param bytes Each text as the file has it: eight bytes of length, of which the upper four are 0, then the
 *   text.
 * @param count How many there are; the bytes hold at least so many.
 */
export function repeatedText(bytes: Buffer, count: number): string | undefined {
  const slots = 2 ** Math.ceil(Math.log2(count * 2 + 2)); // at most half full
  const table = new Int32Array(slots).fill(-1); // where the text in a slot starts
  for (let i = 0, at = 0; i < count; i++) {
    const start = at + 8;
    const end = start + bytes.readUInt32LE(at);
    let slot = hash(bytes, start, end) & (slots - 1);
    for (; table[slot] !== -1; slot = (slot + 1) & (slots - 1)) {
      if (isSame(bytes, at, table[slot]!, end - at)) return bytes.toString('utf8', start, end);
    }
    table[slot] = at;
    at = end;
  }
  return undefined;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Buffer, start: number, end: number): number {
  let value = 2166136261;
  for (let at = start; at < end; at++) value = Math.imul(value ^ bytes[at]!, 16777619);
  return value ^ (value >>> 15);
}

/** Whether the encoded texts at `a` and `b` are the same; their lengths are the first bytes compared. */
function isSame(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
