import type { Metric } from '../metric.ts';
import type { Item, Row } from '../row.ts';
import { expandedPercentile } from './cluster-bootstrap.ts';
import { detectableOf } from './difference.ts';
import { limitsOf } from './interval.ts';
import { measured } from './measured.ts';
import { alsoIn } from './pairs.ts';
import { prng } from './prng.ts';
import { byScene } from './scenes.ts';
import { signTest } from './sign-test.ts';

/** The rows of one play. */
export interface PlayRows<I extends Item = Item> {
  /** Id of the play. */
  readonly play: string;
  readonly rows: readonly Row<I>[];
}

/** A figure as the mean over plays, each of which counts alike. */
export interface PlaysEstimate {
  readonly value: number;
  /** Ends of the 95 % interval over the plays that might have been; NaN (null in JSON) with fewer than three plays. */
  readonly low: number;
  readonly high: number;
  /** Standard error over plays; NaN with one play. */
  readonly stderr: number;
  /** The figure of each play, by its id. */
  readonly byPlay: Readonly<Record<string, number>>;
  readonly plays: number;
  readonly scenes: number;
  readonly n: number;
}

/** One row minus another, play by play on the same items. */
export interface PlaysDifference extends PlaysEstimate {
  /** Plays in which it is above 0, and below. */
  readonly above: number;
  readonly below: number;
  /** Two-sided, from the signs of the plays. */
  readonly p: number;
  /** `p` after Holm over the tasks. */
  readonly pHolm: number;
  /** The least difference that would be seen in 80 of 100 runs; NaN with fewer than three plays. */
  readonly detectable: number;
}

/** With fewer plays nothing tells how much plays differ. */
const fewestPlays = 3;
/** Rows that the bootstrap looks at, and draws at least and at most. */
const rowsShown = 1_500_000;
const draws = { least: 400, most: 1_000 } as const;

/**
 * A metric over several plays: worked out in each, then the mean. The interval is a bootstrap's in three stages: plays are
 * drawn, scenes within each, items within each scene; where the plays differ by more than such draws do, it is widened to
 * match Student's t over the plays. Drawing at every stage makes it, if anything, too wide.
 *
 * @see Saravanan, Berman and Sober, "Application of the hierarchical bootstrap to multi-level data", 2020.
 */
export function overPlays<I extends Item>(
  metric: Metric<I>,
  plays: readonly PlayRows<I>[],
): PlaysEstimate {
  const told = plays.map(({ play, rows }) => ({ play, rows: rows.filter(isToldBy(metric)) }));
  return estimated(told, (rows) => figureOf(metric, rows), limitsOf(metric));
}

/** One row minus another by the same draws, on the items that both have, with the sign test over the plays. */
export function differenceOverPlays<I extends Item>(
  metric: Metric<I>,
  a: readonly PlayRows<I>[],
  b: readonly PlayRows<I>[],
): PlaysDifference {
  const isTold = isToldBy(metric);
  const pairs = a.map(({ play, rows }) => {
    const others = b.find((one) => one.play === play)?.rows ?? [];
    const byId = new Map(alsoIn(rows, others).map((row) => [row.item.id, row]));
    const both = rows.flatMap((own): Pair<I>[] => {
      const other = byId.get(own.item.id);
      return other && isTold(own) && isTold(other) ? [{ item: own.item, own, other }] : [];
    });
    return { play, rows: both };
  });
  const [low, high] = limitsOf(metric);
  const found = estimated(
    pairs,
    (rows) =>
      figureOf(
        metric,
        rows.map(({ own }) => own),
      ) -
      figureOf(
        metric,
        rows.map(({ other }) => other),
      ),
    [low - high, high - low],
  );
  const { above, below, p } = signsOf(Object.values(found.byPlay), 0);
  const detectable =
    found.plays < fewestPlays ? Number.NaN : detectableOf(found.stderr, found.plays - 1);
  return { ...found, above, below, p, pHolm: p, detectable };
}

interface Pair<I extends Item> {
  readonly item: I;
  readonly own: Row<I>;
  readonly other: Row<I>;
}

/** How many plays' figures lie above a bound and below it, and how surprising that is. */
export function signsOf(figures: readonly number[], bound: number) {
  const above = figures.filter((figure) => figure > bound).length;
  const below = figures.filter((figure) => figure < bound).length;
  return { above, below, p: signTest(above, below) };
}

function estimated<R extends { readonly item: Item }>(
  given: readonly { readonly play: string; readonly rows: readonly R[] }[],
  of: (rows: readonly R[]) => number,
  [least, most]: readonly [number, number],
): PlaysEstimate {
  const told = given
    .map(({ play, rows }) => ({ play, scenes: byScene(rows), figure: of(rows), n: rows.length }))
    .filter(({ n, figure }) => n > 0 && !Number.isNaN(figure));
  const figures = told.map(({ figure }) => figure);
  const value = mean(figures);
  const squares = figures.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const stderr =
    figures.length < 2 ? Number.NaN : Math.sqrt(squares / (figures.length - 1) / figures.length);
  const n = told.reduce((sum, one) => sum + one.n, 0);
  const [low, high] =
    figures.length < fewestPlays
      ? [Number.NaN, Number.NaN]
      : expandedPercentile(
          drawn(
            told.map(({ scenes }) => scenes),
            of,
            n,
          ),
          stderr,
          figures.length - 1,
        ).map((end) => Math.max(least, Math.min(most, end)));
  return {
    value,
    low: low!,
    high: high!,
    stderr,
    byPlay: Object.fromEntries(told.map(({ play, figure }) => [play, figure])),
    plays: told.length,
    scenes: told.reduce((sum, { scenes }) => sum + scenes.length, 0),
    n,
  };
}

/** The mean over plays in each draw: plays × scenes × items, all with replacement. */
function drawn<R>(
  plays: readonly (readonly (readonly R[])[])[],
  of: (rows: readonly R[]) => number,
  n: number,
): Float64Array {
  const random = prng(plays.length);
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const count = Math.max(draws.least, Math.min(draws.most, Math.floor(rowsShown / n)));
  return Float64Array.from({ length: count }, () => {
    const figures = plays.map(() => {
      const scenes = any(plays);
      return of(
        scenes.flatMap(() => {
          const items = any(scenes);
          return items.map(() => any(items));
        }),
      );
    });
    return mean(figures.filter((figure) => !Number.isNaN(figure)));
  });
}

function isToldBy<I extends Item>(metric: Metric<I>): (row: Row<I>) => boolean {
  const { of, weight } = metric;
  if (of) return (row) => weight === undefined || weight(row) > 0;
  return (row) => measured(metric, row) !== undefined;
}

function figureOf<I extends Item>(metric: Metric<I>, rows: readonly Row<I>[]): number {
  return metric.of ? metric.of(rows) : mean(rows.map((row) => measured(metric, row)!));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
