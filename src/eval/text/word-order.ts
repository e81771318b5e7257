import { prng, seedOf, shuffled } from '../statistics/prng.ts';
import type { TrigramModel } from './trigram-model.ts';

/** Orders that a text's own is compared with. */
const orders = 4;

/**
 * What the order of a text's words saves: bits per word in a random order less bits per word as they stand.
 *
 * Near 0 for words in no order, whoever's they are; about 1 for original speeches that the model does not know; 7 or more
 * for those it does. That makes it a band: a salad falls below, recitation rises above. As each text is compared with its
 * own words, unknown or modern ones do not count against it.
 *
 * @returns NaN for fewer than two words.
 */
export function orderGain(words: readonly string[], model: TrigramModel): number {
  if (words.length < 2) return Number.NaN;
  const random = prng(seedOf(...words));
  let bits = 0;
  for (let i = 0; i < orders; i++) bits += model.bitsPerWord(shuffled(words, random));
  return bits / orders - model.bitsPerWord(words);
}
