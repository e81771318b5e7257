import { createHash } from 'node:crypto';

/**
 * SHA-256, in hex, of texts (as UTF-8) and bytes one after another. For a file, `hub/sha256.ts` reads it piece by piece.
 *
 * The parts are joined without a mark between them: where ("ab", "c") and ("a", "bc") must differ, put a separator.
 */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
