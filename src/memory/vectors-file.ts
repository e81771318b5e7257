import { existsSync } from 'node:fs';
import { readChecked, writeChecked } from '../store/checked-file.ts';
import { textHashDigits } from './text-hash.ts';

/** Vectors by the hash of the text that each stands for, all of one embedding model. */
export interface TextVectors {
  /** sha256 of the embedding model's file. */
  readonly embedder: string;
  /** Numbers in a row. */
  readonly dim: number;
  /** Text hash → a row of norm 1. */
  readonly rows: ReadonlyMap<string, Float32Array>;
}

/**
 * How a number is written: as a little-endian float, or as a signed byte relative to the row's greatest number, which
 * takes a quarter of the room. A likeness of two texts is then off by .0005.
 */
export type NumberFormat = 'float32' | 'int8';

/** What `readChecked` gives of a `.vectors` file besides its bytes. */
interface Head {
  readonly embedder: string;
  readonly dim: number;
  readonly numbers: NumberFormat;
  readonly rows: number;
}

const kind = { format: 'dramatis-vectors', version: 1 } as const;

const hashBytes = textHashDigits / 2;
const greatest = 127;

/**
 * Keeps vectors in a file: a line of JSON as `writeChecked` writes it, then 16 bytes of text hash a row, then all numbers,
 * row by row.
 *
 * @throws {DramatisError} STORE_UNWRITABLE
 */
export async function writeVectors(
  path: string,
  { embedder, dim, rows }: TextVectors,
  numbers: NumberFormat,
): Promise<void> {
  const head: Head = { embedder, dim, numbers, rows: rows.size };
  const hashes = Buffer.from([...rows.keys()].join(''), 'hex');
  const written = [...rows.values()].map((row) => (numbers === 'int8' ? asBytes(row) : row));
  const parts = written.map((row) => new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  await writeChecked(path, kind, head, [hashes, Buffer.concat(parts)]);
}

/** The vectors of one embedding model in a file; undefined if there are none, or a reason not to trust them. */
export async function readVectors(
  path: string,
  embedder: string,
): Promise<TextVectors | { readonly reason: string } | undefined> {
  const found = await readChecked<Head>(path, kind, () => true);
  if (!found) return existsSync(path) ? { reason: `${path} is damaged` } : undefined;
  const { head, data } = found;
  if (head.embedder !== embedder) return { reason: `${path} is of another embedding model` };
  const { dim, rows: count } = head;
  const hashes = Buffer.from(data.buffer, data.byteOffset, count * hashBytes);
  // A copy, since the bytes may lie unaligned.
  const numbers = Uint8Array.from(data.subarray(count * hashBytes)).buffer;
  const rows = new Map<string, Float32Array>();
  for (let i = 0; i < count; i++) {
    const hash = hashes.toString('hex', i * hashBytes, (i + 1) * hashBytes);
    const row =
      head.numbers === 'int8'
        ? unit(new Int8Array(numbers, i * dim, dim))
        : new Float32Array(numbers, i * dim * Float32Array.BYTES_PER_ELEMENT, dim);
    rows.set(hash, row);
  }
  return { embedder, dim, rows };
}

function asBytes(row: Float32Array): Int8Array {
  let most = 0;
  for (const value of row) most = Math.max(most, Math.abs(value));
  const scale = greatest / (most || 1);
  return Int8Array.from(row, (value) => Math.round(scale * value));
}

/** The scale is not kept: rows have norm 1. */
function unit(bytes: Int8Array): Float32Array {
  let square = 0;
  for (const value of bytes) square += value * value;
  const norm = Math.sqrt(square) || 1;
  const row = new Float32Array(bytes.length);
  for (let i = 0; i < row.length; i++) row[i] = bytes[i]! / norm;
  return row;
}
