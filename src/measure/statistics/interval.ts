import type { Estimate, Metric } from '../metric.ts';
import type { Item } from '../row.ts';
import { expandedPercentile } from './cluster-bootstrap.ts';
import type { Figure } from './figure.ts';
import { freedomOf, stderrOf } from './jackknife.ts';
import { studentQuantile } from './student.ts';

/**
 * With fewer scenes the draws cannot reach far enough, whatever is read from them: they lie between the scenes' own
 * figures, and all of five scenes lie on one side of the truth in 1 of 16 runs.
 */
const fewestToDraw = 6;

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly method: Estimate['method'];
  /** Standard error over scenes; NaN if there is one scene, or the figure hangs on one. */
  readonly stderr: number;
  readonly draws: number;
}

/** The 95 % interval of a figure over the scenes that might have been, within the limits it cannot pass. */
export function intervalOf(figure: Figure, limits: readonly [number, number]): Interval {
  const { value, weights } = figure.leaveOneOut;
  const stderr = stderrOf(figure.leaveOneOut);
  if (Number.isNaN(stderr)) return { low: value, high: value, method: 'none', stderr, draws: 0 };
  const within = (end: number) => Math.max(limits[0], Math.min(limits[1], end));
  const freedom = freedomOf(weights);
  if (weights.length < fewestToDraw) {
    const reach = studentQuantile(0.975, freedom) * stderr;
    const [low, high] = [within(value - reach), within(value + reach)];
    return { low, high, method: 'scene-clustered t', stderr, draws: 0 };
  }
  const draws = figure.draws();
  const [low, high] = expandedPercentile(draws, stderr, freedom).map(within) as [number, number];
  return { low, high, method: 'scene-clustered bootstrap', stderr, draws: draws.length };
}

/**
 * Ends that a metric cannot pass: shares lie from 0 to 1, words and code lengths are not negative, nothing is above its
 * ceiling. Bits a byte of which more is better are a difference of two code lengths, and may be negative.
 */
export function limitsOf<I extends Item>(metric: Metric<I>): readonly [number, number] {
  const { unit, higherIsBetter, ceiling = Number.POSITIVE_INFINITY } = metric;
  if (unit === 'share') return [0, 1];
  const isLength = unit === 'words' || (unit === 'bits per byte' && higherIsBetter !== true);
  return [isLength ? 0 : Number.NEGATIVE_INFINITY, ceiling];
}
