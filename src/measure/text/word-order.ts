import { upperMedian } from '../../median.ts';
import { prng, seedOf, shuffled } from '../statistics/prng.ts';
import type { TrigramModel } from './trigram-model.ts';

/** Orders that a text's own is compared with. */
const orders = 4;

/**
 * What the order of a text's words saves: bits per word in a random order less bits per word as they stand.
 *
 * Near 0 for words in no order, whoever's they are; about 1 for speeches of Shakespeare's that the model does not know; 7 or
 * more for those it does. As each text is compared with its own words, unknown or modern ones do not count against it.
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

/** Gains of language that is new: words in no order are below, recited ones above. */
export interface FluencyBand {
  readonly least: number;
  readonly most: number;
}

/** Neither words in no order nor words known by heart. */
export function isFluent(gain: number, { least, most }: FluencyBand): boolean {
  return gain >= least && gain <= most;
}

/** In words: pieces that natural gains are measured on, about as long as a reply. */
const pieceWords = 70;

/** Words of a text's speeches in two halves, and a model of each. */
export type Halves = readonly [Half, Half];
interface Half {
  readonly speeches: readonly (readonly string[])[];
  readonly model: TrigramModel;
}

/**
 * The band of a text: from a quarter of what order saves in one half of it by a model of the other half, up to midway
 * between that and what it saves by a model of the half itself. In Hamlet and Macbeth that is about .2 to 5.
 */
export function fluencyBand([first, second]: Halves): FluencyBand {
  const natural = [...gains(first.speeches, second.model), ...gains(second.speeches, first.model)];
  const known = [...gains(first.speeches, first.model), ...gains(second.speeches, second.model)];
  const typical = upperMedian(natural)!;
  return { least: typical / 4, most: (typical + upperMedian(known)!) / 2 };
}

function gains(speeches: readonly (readonly string[])[], model: TrigramModel): number[] {
  const words = speeches.flat();
  const count = Math.max(1, Math.floor(words.length / pieceWords));
  return Array.from({ length: count }, (_, i) =>
    orderGain(words.slice(i * pieceWords, (i + 1) * pieceWords), model),
  );
}
