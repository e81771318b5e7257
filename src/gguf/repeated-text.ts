/**
 * The first text of an encoded array of strings that was there before; undefined if all differ. A text ends at a zero byte, as
 * llama.cpp reads it: two that differ only behind one are the same to it.
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
  const starts = new Int32Array(slots).fill(-1); // where the text in a slot starts
  const lengths = new Int32Array(slots);
  for (let i = 0, at = 0; i < count; i++) {
    const start = at + 8;
    const end = start + bytes.readUInt32LE(at);
    const length = lengthUpTo(bytes, start, end);
    let slot = hash(bytes, start, length) & (slots - 1);
    for (; starts[slot] !== -1; slot = (slot + 1) & (slots - 1)) {
      const isThere = lengths[slot] === length && isSame(bytes, start, starts[slot]!, length);
      if (isThere) return bytes.toString('utf8', start, start + length);
    }
    starts[slot] = start;
    lengths[slot] = length;
    at = end;
  }
  return undefined;
}

/** Bytes before a zero byte, or before `end` if there is none. */
function lengthUpTo(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== 0) at++;
  return at - start;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Buffer, start: number, length: number): number {
  let value = 2166136261;
  for (let at = start; at < start + length; at++) value = Math.imul(value ^ bytes[at]!, 16777619);
  return value ^ (value >>> 15);
}

function isSame(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
