/** Ends of the classes of length that texts are compared within, in words: the first words of one speech tell little. */
const classEnds = [10, 25, 60, Number.POSITIVE_INFINITY];
/** Fewer values than this are no distribution: a class is then joined with its neighbours. */
const leastValues = 8;

/** A figure of a text of so many words. */
export interface Sized {
  readonly words: number;
  readonly value: number;
}

/** Where a figure stands among those of originals of about the same length. */
export class Ranks {
  readonly #classes: readonly (readonly number[])[];

  /** @throws {RangeError} For no originals. */
  constructor(originals: readonly Sized[]) {
    if (originals.length === 0) throw new RangeError('there are no originals to compare with');
    this.#classes = classEnds.map((_, which) => {
      for (let reach = 0; ; reach++) {
        const near = originals.filter(({ words }) => Math.abs(classOf(words) - which) <= reach);
        if (near.length >= leastValues || reach === classEnds.length)
          return near.map(({ value }) => value);
      }
    });
  }

  /** Share of the originals that have less, those that have as much by half. */
  below({ words, value }: Sized): number {
    const all = this.#classes[classOf(words)]!;
    const less = all.filter((one) => one < value).length;
    const same = all.filter((one) => one === value).length;
    return (less + same / 2) / all.length;
  }
}

const classOf = (words: number): number => classEnds.findIndex((end) => words < end);

/**
 * The value below which a share of the values lie, between two of them by a straight line.
 *
 * @throws {RangeError} For no values.
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('a quantile of no values was asked for');
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (at - below) * (high - low);
}
