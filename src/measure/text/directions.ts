import { dot, type WordCounts, type WordScale } from './delta.ts';

/**
 * Dot products of pooled texts' z-scores with fixed directions. They are linear in the counts, so each text is projected
 * once: pooling texts anew, as each draw of a bootstrap does, is then a sum of short rows.
 */
export class Directions {
  /** By direction, in units of a share of all words. */
  readonly #weights: readonly Float64Array[];
  readonly #offsets: Float64Array;
  readonly #projected = new WeakMap<WordCounts, Float64Array>();

  /** @param directions In z-scores of the scale. */
  constructor(directions: readonly Float64Array[], { mean, deviation }: WordScale) {
    this.#weights = directions.map((row) => row.map((value, i) => value / deviation[i]!));
    this.#offsets = Float64Array.from(this.#weights, (weights) => dot(weights, mean));
  }

  /** One product for each direction. */
  products(pooled: readonly WordCounts[]): Float64Array {
    const sums = new Float64Array(this.#offsets.length);
    let total = 0;
    for (const text of pooled) {
      const row = this.#project(text);
      for (let i = 0; i < sums.length; i++) sums[i]! += row[i]!;
      total += text.total;
    }
    for (let i = 0; i < sums.length; i++)
      sums[i] = sums[i]! / Math.max(1, total) - this.#offsets[i]!;
    return sums;
  }

  #project(text: WordCounts): Float64Array {
    let row = this.#projected.get(text);
    if (!row) {
      row = Float64Array.from(this.#weights, (weights) => dot(weights, text.counts));
      this.#projected.set(text, row);
    }
    return row;
  }
}
