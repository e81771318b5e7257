import { hashFraction } from '../corpus/rows/row-options.ts';

/** Keys in an order that follows from the seed and a purpose, whatever order they came in. */
export function inDrawnOrder(
  keys: readonly string[],
  seed: number,
  purpose: string,
): readonly string[] {
  return keys
    .map((key) => ({ key, at: hashFraction(seed, purpose, key) }))
    .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key);
}
