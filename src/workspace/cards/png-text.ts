import { crc32, deflateSync } from 'node:zlib';
import { DramatisError } from '../../errors.ts';

/** What every PNG file begins with. */
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

export function isPng(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, signature.length));
}

/**
 * The text that a PNG image carries under a keyword, in a tEXt chunk; undefined if it carries none.
 *
 * @throws {DramatisError} CARD_INVALID for an image that is cut off.
 * @see https://www.w3.org/TR/png-3/#11tEXt
 */
export function pngText(bytes: Uint8Array, keyword: string): string | undefined {
  for (const { type, data } of chunksOf(bytes)) {
    const end = data.indexOf(0);
    if (type === 'tEXt' && data.toString('latin1', 0, end) === keyword)
      return data.toString('latin1', end + 1);
  }
  return undefined;
}

/**
 * An image with a text under a keyword, in place of one that it had.
 *
 * @param text Latin-1, without a null character.
 * @throws {DramatisError} CARD_INVALID for an image that is cut off.
 */
export function withPngText(bytes: Uint8Array, keyword: string, text: string): Buffer {
  const kept = chunksOf(bytes).filter(
    ({ type, data }) => type !== 'tEXt' || data.toString('latin1', 0, data.indexOf(0)) !== keyword,
  );
  const data = Buffer.from(`${keyword}\0${text}`, 'latin1');
  return written([...kept.slice(0, -1), { type: 'tEXt', data }, ...kept.slice(-1)]);
}

/** Side of an image that stands where a portrait would, in pixels. */
const side = 64;

/** A grey square, for a card without a portrait. */
export function plainPng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8; // bits a sample, of one grey channel
  const row = Buffer.alloc(side + 1, 0x99);
  row[0] = 0; // no filter
  return written([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: deflateSync(Buffer.concat(Array.from({ length: side }, () => row))) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < view.length; ) {
    const length = at + 12 <= view.length ? view.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (at + 12 + length > view.length)
      throw new DramatisError('CARD_INVALID', 'the PNG image is cut off', {
        remedy: 'Fetch the image again: programs that shrink images drop the card in them.',
      });
    const type = view.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: view.subarray(at + 8, at + 8 + length) });
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return chunks;
}

function written(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.flatMap(({ type, data }) => {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(typed));
    return [length, typed, check];
  });
  return Buffer.concat([signature, ...parts]);
}
