import { studentCdf, studentQuantile } from './student.ts';

/** A mean of independent values with its 95 % interval by Student's t. */
export interface StudentMean {
  readonly value: number;
  /** Equal to `value` where there is one value only. */
  readonly low: number;
  readonly high: number;
  /** How many values there are. */
  readonly n: number;
}

/**
 * The mean of some values, with the interval that holds the mean of all there might be in 95 of 100 samples; NaN throughout
 * for none.
 */
export function studentMean(values: readonly number[]): StudentMean {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  if (n < 2) return { value, low: value, high: value, n };
  const reach = studentQuantile(0.975, n - 1) * stderrOf(values, value);
  return { value, low: value - reach, high: value + reach, n };
}

/** Two-sided chance of a mean so far from 0 where the truth is 0: 1 for fewer than two values, or where all are 0. */
export function studentP(values: readonly number[]): number {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  if (n < 2 || value === 0) return 1;
  return 2 * studentCdf(-Math.abs(value) / stderrOf(values, value), n - 1);
}

/** Standard error of the mean. */
function stderrOf(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
