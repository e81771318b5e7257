import { median } from '../../median.ts';
import { prng } from './prng.ts';

/** The median of one set of samples over that of another. */
export interface MedianRatio {
  readonly ratio: number;
  /** The 95 % interval; null with fewer than three samples of either. */
  readonly interval: readonly [low: number, high: number] | null;
}

const draws = 4000;
const leastSamples = 3;

/**
 * The ratio of two medians, with an interval by the percentile bootstrap over the samples of each: what one more run on the
 * same machine in the same minutes would give. It knows nothing of a machine that is slower by the hour.
 */
export function medianRatio(over: readonly number[], under: readonly number[]): MedianRatio {
  const ratio = median(over) / median(under);
  if (Math.min(over.length, under.length) < leastSamples) return { ratio, interval: null };
  const random = prng(over.length * 1009 + under.length);
  const drawn = (of: readonly number[]): number =>
    median(of.map(() => of[Math.floor(random() * of.length)]!));
  const ratios = Float64Array.from({ length: draws }, () => drawn(over) / drawn(under)).sort();
  return {
    ratio,
    interval: [ratios[Math.floor(0.025 * draws)]!, ratios[Math.ceil(0.975 * draws) - 1]!],
  };
}
