import { sha256Of } from '../store/sha256.ts';

/** sha256 of tokens as 32-bit little-endian integers. */
export function hashOf(tokens: Int32Array): string {
  const bytes = new Uint8Array(4 * tokens.length);
  const view = new DataView(bytes.buffer);
  for (const [i, token] of tokens.entries()) view.setInt32(4 * i, token, true);
  return sha256Of([bytes]);
}
