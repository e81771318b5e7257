import type { Difference, Metric } from '../metric.ts';
import type { Item, Row } from '../row.ts';
import {
  differenceFigure,
  meanFigure,
  type Statistic,
  statisticFigure,
  weighing,
} from './figure.ts';
import { halfPairs } from './half-pairs.ts';
import { intervalOf, limitsOf } from './interval.ts';
import { freedomOf, type LeaveOneOut, partsOf } from './jackknife.ts';
import { mcnemar } from './mcnemar.ts';
import { alsoIn, pairedDifferences } from './pairs.ts';
import { fewestToSwap, sceneSwapTest } from './scene-swap.ts';
import { studentCdf, studentQuantile } from './student.ts';

/** A difference before it is looked at among others. */
export interface SingleDifference extends Omit<Difference, 'pHolm'> {
  /** Items that both have. */
  readonly n: number;
  readonly clusters: number;
}

/**
 * One row of a table minus another, item by item and on the same draws of scenes. Items that one of them lacks, or
 * that the metric does not apply to in one of them, are left out.
 *
 * p is the scene-swap test's for figures of every kind, which is McNemar's where each scene has one item that is 0 or
 * 1. With fewer than six scenes that cannot fall to 0.05, and p is Student's, as the interval is: sure only of what is
 * much the same in each of them.
 *
 * @throws {RangeError} If an item comes twice in one of them, or a value is infinite.
 */
export function difference<I extends Item>(
  metric: Metric<I>,
  rowsA: readonly Row<I>[],
  rowsB: readonly Row<I>[],
): SingleDifference {
  const { of, weight } = metric;
  return of ? ofStatistics(metric, rowsA, rowsB, { of, weight }) : ofMeans(metric, rowsA, rowsB);
}

function ofStatistics<I extends Item>(
  metric: Metric<I>,
  rowsA: readonly Row<I>[],
  rowsB: readonly Row<I>[],
  statistic: Statistic<Row<I>>,
): SingleDifference {
  const [a, b] = [alsoIn(rowsB, rowsA), alsoIn(rowsA, rowsB)];
  const { leaveOneOut, draws } = differenceFigure(
    statisticFigure(a, statistic),
    statisticFigure(b, statistic),
  );
  const { low, high, stderr } = intervalOf({ leaveOneOut, draws }, reachOf(metric));
  return {
    value: leaveOneOut.value,
    low,
    high,
    p: pOf(leaveOneOut, stderr),
    detectable: detectable(stderr, leaveOneOut.weights),
    n: weighing(a, statistic).length,
    clusters: leaveOneOut.weights.length,
  };
}

function ofMeans<I extends Item>(
  metric: Metric<I>,
  rowsA: readonly Row<I>[],
  rowsB: readonly Row<I>[],
): SingleDifference {
  const scenes = pairedDifferences(metric, rowsA, rowsB);
  const pairs = scenes.flat();
  const figure = meanFigure(scenes);
  const { value } = figure.leaveOneOut;
  const overScenes = intervalOf(figure, reachOf(metric));
  const { low, high, stderr } = (metric.isBinary && halfPairs(scenes)) || overScenes;
  return {
    value,
    low,
    high,
    p:
      metric.isBinary && scenes.every(({ length }) => length === 1)
        ? mcnemar(count(pairs, 1), count(pairs, -1))
        : pOf(figure.leaveOneOut, stderr),
    detectable: detectable(stderr, figure.leaveOneOut.weights),
    n: pairs.length,
    clusters: scenes.length,
  };
}

/** A figure that hangs on one scene cannot be tested. */
function pOf(leaveOneOut: LeaveOneOut, stderr: number): number {
  const { value, weights } = leaveOneOut;
  if (Number.isNaN(stderr)) return 1;
  if (weights.length >= fewestToSwap) return sceneSwapTest(partsOf(leaveOneOut));
  return value === 0 ? 1 : 2 * studentCdf(-Math.abs(value) / stderr, freedomOf(weights));
}

const count = (pairs: readonly number[], d: number) => pairs.filter((pair) => pair === d).length;

/** Ends that a difference cannot pass. */
function reachOf<I extends Item>(metric: Metric<I>): readonly [number, number] {
  const [low, high] = limitsOf(metric);
  return [low - high, high - low];
}

/**
 * The difference that would be seen at the 5 % level in 80 of 100 runs: 2.80 standard errors where the scenes are many,
 * 3.35 with seven.
 */
function detectable(stderr: number, weights: Float64Array): number {
  if (Number.isNaN(stderr)) return Number.NaN;
  return detectableOf(
    stderr,
    weights.length < fewestToSwap ? freedomOf(weights) : weights.length - 1,
  );
}

/** The difference that would be seen at the 5 % level in 80 of 100 runs, from its standard error and the error's freedom. */
export function detectableOf(stderr: number, freedom: number): number {
  return (studentQuantile(0.975, freedom) + studentQuantile(0.8, freedom)) * stderr;
}
