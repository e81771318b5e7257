import type { MetricResult } from '../../eval/results.ts';
import { isKnown, type Value } from './number.ts';
import { type BenchRun, headlineOf } from './run.ts';

/** What stands for 0 and for 1 when scores in different units are drawn on one scale. */
interface Scale {
  readonly floor: number;
  readonly ceiling: number;
}

/**
 * From the metric's declared floor and ceiling; where one is not declared, the rows "empty" and "original" stand in.
 * Null for a metric that is to lie in a band, or whose ends are unknown or equal.
 */
export function scaleOf(metric: MetricResult): Scale | null {
  if (metric.higherIsBetter === null) return null;
  const floor = metric.floor ?? metric.rows.empty?.value;
  const ceiling = metric.ceiling ?? metric.rows.original?.value;
  return isKnown(floor) && isKnown(ceiling) && floor !== ceiling ? { floor, ceiling } : null;
}

/** 0 at the floor, 1 at the ceiling; NaN for a figure that is missing. */
export function normalised({ floor, ceiling }: Scale, value: Value): number {
  return isKnown(value) ? (value - floor) / (ceiling - floor) : Number.NaN;
}

/** A normalised score between the ends of its interval. */
export interface Point {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A row of a metric on the scale; null where either is unknown. Where lower is better, low and high change places. */
export function pointOf(metric: MetricResult, row: string): Point | null {
  const scale = scaleOf(metric);
  const estimate = metric.rows[row];
  if (!scale || !isKnown(estimate?.value)) return null;
  const value = normalised(scale, estimate.value);
  const ends = [estimate.low, estimate.high].map((end) => normalised(scale, end)).filter(isKnown);
  return { value, low: Math.min(value, ...ends), high: Math.max(value, ...ends) };
}

/** Tasks whose first metric can be put on the scale in every one of these runs. */
export function commonTasks(runs: readonly BenchRun[]): string[] {
  const [first, ...others] = runs.map((run) =>
    run.results.tasks
      .map(({ task }) => task)
      .filter((task) => {
        const headline = headlineOf(run, task);
        return headline && pointOf(headline.metric, 'subject');
      }),
  );
  return (first ?? []).filter((task) => others.every((tasks) => tasks.includes(task)));
}

/**
 * The mean of normalised scores with the same weight for each task: for plots only, never a reward. Its interval is
 * the mean of the tasks' intervals. That is exact if all tasks err together and too wide if they do not, so two that
 * are told apart by it are apart.
 */
export function composite(run: BenchRun, tasks: readonly string[]): Point | null {
  const points = tasks.map((task) => {
    const headline = headlineOf(run, task);
    return headline ? pointOf(headline.metric, 'subject') : null;
  });
  const known = points.filter((point) => point !== null);
  if (known.length === 0 || known.length < tasks.length) return null;
  const mean = (of: (point: Point) => number) =>
    known.reduce((sum, point) => sum + of(point), 0) / known.length;
  return {
    value: mean(({ value }) => value),
    low: mean(({ low }) => low),
    high: mean(({ high }) => high),
  };
}

/** The scale is cut here, so that one wild figure does not press all others together. */
const [furthestLow, furthestHigh] = [-0.75, 1.5];

/** Ends of an axis that shows floor and ceiling, and all these figures if they are not far out. */
export function axisOf(figures: readonly number[]): [least: number, most: number] {
  return [
    Math.max(furthestLow, Math.min(-0.05, ...figures)),
    Math.min(furthestHigh, Math.max(1.05, ...figures)),
  ];
}
