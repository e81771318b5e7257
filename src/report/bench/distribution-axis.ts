import { axisTicks } from './profile-figure.ts';

/** How values become places from left to right. */
export interface DistributionAxis {
  readonly ticks: readonly number[];
  /** 0 at the first tick, 1 at the last. */
  toShare(value: number): number;
}

/**
 * From 0, or below it if there are such values. Words are drawn by the logarithm of one more: most speeches are short
 * and some are very long.
 *
 * @param least Of all values that are drawn.
 * @param most  Of all values that are drawn.
 */
export function distributionAxis(unit: string, least: number, most: number): DistributionAxis {
  if (unit === 'words' && least >= 0) return logAxis(most);
  const ticks = axisTicks(Math.min(0, least), Math.max(most, 0));
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  return { ticks, toShare: (value) => (value - first) / (last - first) };
}

function logAxis(most: number): DistributionAxis {
  const ticks = [0];
  for (let power = 1; ticks.at(-1)! < most; power *= 10)
    for (const factor of [1, 2, 5]) if (ticks.at(-1)! < most) ticks.push(factor * power);
  if (ticks.length === 1) ticks.push(1);
  const last = Math.log1p(ticks.at(-1)!);
  return { ticks, toShare: (value) => Math.log1p(value) / last };
}
