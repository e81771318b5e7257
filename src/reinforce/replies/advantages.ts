/** What the replies to one question got. */
export interface Got {
  readonly reward: number;
  /** log p of the reply less what it had in the reference, in nats: a sample of KL, Schulman's k1. */
  readonly kl: number;
}

/**
 * How much more likely each reply to a question is to become, by REINFORCE with the others' mean as baseline: R − β·k1, less
 * the mean of the others. It is not divided by the deviation, which would weigh questions by how alike their replies are.
 *
 * The penalty is part of the reward and is not differentiated: k3 as a loss has the gradient of another divergence, and k1 as a
 * loss has none on average.
 *
 * @param penalty β, in reward a nat.
 * @returns One a reply; exactly 0 for all where all got the same.
 * @throws {RangeError} For fewer than two replies, or a number that is not finite.
 */
export function leaveOneOut(got: readonly Got[], penalty: number): number[] {
  const values = valuesOf(got, penalty);
  const { length } = values;
  // Not left to the arithmetic: a mean of equal numbers is one of them only nearly.
  if (values.every((value) => value === values[0])) return values.map(() => 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  return values.map((value) => ((value - mean) * length) / (length - 1));
}

/** 1 for the best reply to a question, 0 for the others; for none where none got anything, or all got the same. */
export function bestOnly(got: readonly Got[]): number[] {
  const values = valuesOf(got, 0);
  const best = Math.max(...values);
  const at = values.indexOf(best);
  const isChoice = best > 0 && values.some((value) => value < best);
  return values.map((_, i) => Number(isChoice && i === at));
}

function valuesOf(got: readonly Got[], penalty: number): number[] {
  if (got.length < 2)
    throw new RangeError(`${got.length} replies to a question were given; two at least are wanted`);
  const values = got.map(({ reward, kl }) => reward - (penalty === 0 ? 0 : penalty * kl));
  if (values.every(Number.isFinite)) return values;
  throw new RangeError(`rewards are ${values.join(', ')}; finite numbers are wanted`);
}
