import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { errnoOf, unreadable } from './disk.ts';

type Part = string | NodeJS.ArrayBufferView;

/**
 * SHA-256, in hex, of texts (as UTF-8) and bytes one after another.
 *
 * The parts are joined without a mark between them: where ("ab", "c") and ("a", "bc") must differ, put a separator.
 */
export function sha256(...parts: readonly Part[]): string {
  return sha256Of(parts);
}

/** SHA-256, in hex, of parts that are too many to be arguments, or are made one at a time. */
export function sha256Of(parts: Iterable<Part>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** SHA-256, in hex, of a file as it lies on the disk; a piece of it is in memory at a time. @throws {DramatisError} STORE_UNREADABLE */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk);
    }
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? error : unreadable(path, error);
  }
  return hash.digest('hex');
}

/** A whole number from 0 to 2³² − 1 that follows from a text: the first 32 bits of its SHA-256, little-endian. */
export function hash32(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0);
}
