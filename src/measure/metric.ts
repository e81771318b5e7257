import type { Item, Row } from './row.ts';

export interface Metric<I extends Item = Item> {
  /** Such as "accuracy"; if there is no `of`, the name of the value whose mean it is. */
  readonly name: string;
  readonly unit: 'share' | 'bits per byte' | 'bits' | 'nats' | 'words' | 'rank' | 'score';
  /** Null: neither, it is to lie in a band. */
  readonly higherIsBetter: boolean | null;
  /** What knowing nothing gives. */
  readonly floor?: number | undefined;
  readonly ceiling?: number | undefined;
  /** 0 or 1 for each item: intervals for few items are Wilson's, differences are tested by McNemar. */
  readonly isBinary?: boolean | undefined;
  /** Whether an item has a part in the figure, where not all of them have; known before anything is asked. */
  isOf?(item: I): boolean;
  /** From all rows at once, for figures that are no mean; NaN where it cannot be told. Called for each bootstrap draw. */
  of?(rows: readonly Row<I>[]): number;
  /** Where `of` is a sum over a sum: what a row adds to the lower one, 0 if it has no part in the figure. Alike unless given. */
  weight?(row: Row<I>): number;
  /** Given where the shape tells more than the figure does: the report draws it. */
  readonly spread?: Spread<I> | undefined;
}

/** The values that a figure is made from, one by one. */
export interface Spread<I extends Item = Item> {
  /** What one of them is, in words: "words of a turn". */
  readonly label: string;
  /** None, one or several of one row. */
  of(row: Row<I>): readonly number[];
  /** The play's own, where the row "original" has words that were cut to size. */
  printed?(items: readonly I[]): readonly number[];
}

/** A figure with its uncertainty. */
export interface Estimate {
  readonly value: number;
  /** Ends of the 95 % interval; equal to `value` where there is one cluster only. */
  readonly low: number;
  readonly high: number;
  readonly method: 'scene-clustered bootstrap' | 'scene-clustered t' | 'Wilson' | 'none';
  /** Draws of scenes that the interval was read from. */
  readonly draws?: number;
  /** Standard error over scenes; NaN (null in JSON) where there is one cluster only. */
  readonly stderr: number;
  readonly n: number;
  /** Items that would tell as much if they were independent. */
  readonly nEff: number;
  readonly clusters: number;
}

/** The subject minus a row on the same items and draws. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /**
   * Two-sided, from swapping whole scenes (McNemar's test where each scene has one item that is 0 or 1), or Student's
   * with fewer than six scenes.
   */
  readonly p: number;
  /** `p` after Holm over the tasks. */
  readonly pHolm: number;
  /** Least difference that would be seen in 80 of 100 runs; NaN (null in JSON) where there is one cluster only. */
  readonly detectable: number;
}
