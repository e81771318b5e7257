import { prng, shuffled } from './prng.ts';

/** A figure, and the same without each group (a scene, as a rule) in turn. */
export interface LeaveOneOut {
  readonly value: number;
  /** One for each group; NaN where the figure cannot be told without it. */
  readonly without: Float64Array;
  /** What each group weighs in the figure: its items, or what they weigh. */
  readonly weights: Float64Array;
}

/** Leaves each group out of the mean of all values. */
export function meanLeaveOneOut(groups: readonly (readonly number[])[]): LeaveOneOut {
  const counts = Float64Array.from(groups, (group) => group.length);
  const sums = Float64Array.from(groups, total);
  const n = total(counts);
  const sum = total(sums);
  const without = sums.map((own, g) => (sum - own) / (n - counts[g]!));
  return { value: sum / n, without, weights: counts };
}

/** Leaves each group out of any statistic, which is asked once more than there are groups; rows weigh alike unless `weight` is given. */
export function leaveOneOut<R>(
  groups: readonly (readonly R[])[],
  of: (rows: readonly R[]) => number,
  weight: (row: R) => number = () => 1,
): LeaveOneOut {
  const weights = Float64Array.from(groups, (group) => total(group.map(weight)));
  const without = Float64Array.from(groups, (_, left) =>
    of(groups.flatMap((g, i) => (i === left ? [] : g))),
  );
  return { value: of(groups.flat()), without, weights };
}

/** The difference of two figures that were taken on the same groups. */
export function minus(a: LeaveOneOut, b: LeaveOneOut): LeaveOneOut {
  return {
    value: a.value - b.value,
    without: a.without.map((value, g) => value - b.without[g]!),
    weights: a.weights,
  };
}

/**
 * Standard error from what leaving a group out changes. For a mean it is the clustered (sandwich) error with each
 * residual enlarged by how much its group pulls the mean towards itself, which is what keeps it from being too small
 * with few groups.
 *
 * @returns NaN with fewer than two groups, or where the figure hangs on one of them.
 * @see MacKinnon, Nielsen and Webb, "Fast and reliable jackknife and bootstrap methods for cluster-robust
 *      inference", 2023 (CV3).
 */
export function stderrOf({ value, without }: LeaveOneOut): number {
  const groups = without.length;
  if (groups < 2) return Number.NaN;
  const squares = without.reduce((sum, other) => sum + (other - value) ** 2, 0);
  return Math.sqrt((squares * (groups - 1)) / groups);
}

/**
 * What each group adds to the figure: exactly, for a mean or a sum over a sum that it has the weights of, so that all of
 * them together are the figure; else as nearly as can be.
 */
export function partsOf({ value, without, weights }: LeaveOneOut): Float64Array {
  const all = total(weights);
  return without.map((other, g) => value - (1 - weights[g]! / all) * other);
}

/**
 * How many degrees of freedom the standard error has: with groups of one size one less than there are, and fewer the
 * more uneven they are, for then a few of them decide.
 *
 * These are Bell and McCaffrey's, for the leave-one-out error of a mean of items that are as good as independent. If
 * items of a scene resemble each other there are fewer still: 6 rather than 10 for the 20 scenes of Hamlet at a
 * correlation of 0.1. Intervals that allow for it were measured to be too wide where there is none.
 *
 * @param weights Of each group, at least two of them.
 * @see Bell and McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage samples", 2002;
 *      Imbens and Kolesár, "Robust standard errors in small samples", 2016.
 */
export function freedomOf(weights: Float64Array): number {
  const all = total(weights);
  // The residuals that the error adds up the squares of have variances ∝ o and covariances ∝ −o o', with o = p / (1 − p)
  // from each group's share p. Satterthwaite: the squared trace of that matrix over the trace of its square.
  const odds = weights.map((weight) => weight / (all - weight));
  const squares = total(odds.map((o) => o ** 2));
  return total(odds) ** 2 / (squares + squares ** 2 - total(odds.map((o) => o ** 4)));
}

/**
 * The standard error that a statistic would have were its rows independent: the same jackknife over groups into which
 * the rows are dealt without regard to their scenes.
 */
export function independentStderr<R>(
  rows: readonly R[],
  of: (rows: readonly R[]) => number,
): number {
  const groups = Array.from({ length: Math.min(40, rows.length) }, (): R[] => []);
  for (const [i, row] of shuffled(rows, prng(rows.length)).entries())
    groups[i % groups.length]!.push(row);
  return stderrOf(leaveOneOut(groups, of));
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
