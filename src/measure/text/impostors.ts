import { prng, shuffled } from '../statistics/prng.ts';
import { unit, type WordCounts, type WordScale } from './delta.ts';
import { Directions } from './directions.ts';

/** Fewer than the literature's 100: the share is then told to 2 %, finer than the texts allow. */
const trials = 50;

/**
 * General Impostors: in how many of many trials, each with half of the words and half of the impostors, a text is nearer to
 * the candidate than to any impostor.
 *
 * @see Koppel and Winter, "Determining if two documents are written by the same author", 2014.
 */
export class Impostors {
  /** For each trial the candidate, then its impostors. */
  readonly #directions: Directions;
  readonly #perTrial: number;

  /**
   * @param candidate Z-scores of the scale, as those of the impostors, of whom there is one at least.
   * @param seed      Of what each trial leaves out.
   */
  constructor(
    candidate: Float64Array,
    impostors: readonly Float64Array[],
    scale: WordScale,
    seed: number,
  ) {
    if (impostors.length === 0) throw new RangeError('no impostor was given, one is wanted');
    const random = prng(seed);
    const columns = Array.from(candidate, (_, i) => i);
    const half = Math.ceil(impostors.length / 2);
    this.#perTrial = half + 1;
    const directions = Array.from({ length: trials }, () => {
      const kept = new Set(shuffled(columns, random).slice(0, Math.ceil(columns.length / 2)));
      const others = shuffled(impostors, random).slice(0, half);
      // The text's own length is the same for all of them: only theirs has to be taken out.
      return [candidate, ...others].map((z) =>
        unit(z.map((value, i) => (kept.has(i) ? value : 0))),
      );
    });
    this.#directions = new Directions(directions.flat(), scale);
  }

  /** Share of the draws in which the pooled texts are nearest to the candidate, from 0 to 1. A tie counts for nobody. */
  share(pooled: readonly WordCounts[]): number {
    const products = this.#directions.products(pooled);
    let won = 0;
    for (let at = 0; at < products.length; at += this.#perTrial) {
      let isNearest = true;
      for (let other = 1; other < this.#perTrial; other++)
        isNearest &&= products[at]! > products[at + other]!;
      if (isNearest) won++;
    }
    return won / trials;
  }
}
