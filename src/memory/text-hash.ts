import { sha256 } from '../store/sha256.ts';

/** Hex digits of a text's hash, of 16 bytes: enough that no two texts of a play share one. */
export const textHashDigits = 32;

/** By what the vector of a text is found again, whatever else of its play has changed. */
export function textHash(text: string): string {
  return sha256(text).slice(0, textHashDigits);
}
