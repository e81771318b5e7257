/** A choice among candidates as a model's scores make it, and which way its expected reward rises. */
export interface ChoiceSlope {
  /** How probably each candidate is chosen: softmax of the scores over the temperature. */
  readonly probabilities: readonly number[];
  /** J = Σ p R, the reward that choosing by these probabilities gets on average. */
  readonly expected: number;
  /**
   * What to multiply the gradient of each candidate's score by to make the objective rise, per nat. It is that of J, or of
   * log J where J is below `leastExpected`; exactly 0 for all where all rewards are equal.
   */
  readonly slopes: readonly number[];
}

/** Temperature of the softmax over scores, in nats. */
const choiceTemperature = 1;

/** Below this expected reward its logarithm is learned: the slope of J itself vanishes where no right answer is likely. */
export const leastExpected = 0.05;

/**
 * The exact gradient of the expected reward of a choice in the scores of its candidates. Nothing is sampled, so it has no
 * variance: ∂J/∂s_k = p_k (R_k − J) / τ.
 *
 * @param scores Σ log p of each candidate after the page, less what it has without the page, in nats.
 * @param rewards What choosing each candidate gets. The logarithm is for rewards of which none is below 0.
 * @param temperature τ, in nats.
 * @throws {RangeError} For fewer than two candidates, or numbers that are not finite.
 */
export function choiceSlope(
  scores: readonly number[],
  rewards: readonly number[],
  temperature = choiceTemperature,
): ChoiceSlope {
  requireChoice(scores, rewards);
  const probabilities = softmax(scores.map((score) => score / temperature));
  const expected = dot(probabilities, rewards);
  const slopes = slopesOf(scores, rewards, { probabilities, expected, temperature });
  return { probabilities, expected, slopes };
}

function requireChoice(scores: readonly number[], rewards: readonly number[]): void {
  if (scores.length < 2 || scores.length !== rewards.length)
    throw new RangeError(
      `${scores.length} scores and ${rewards.length} rewards were given; a choice has two candidates or more, each with both`,
    );
  const wrong = [...rewards, ...scores].find((value) => !Number.isFinite(value));
  if (wrong !== undefined)
    throw new RangeError(
      `rewards are ${rewards.join(', ')} and scores ${scores.join(', ')}; finite numbers are wanted`,
    );
}

function slopesOf(
  scores: readonly number[],
  rewards: readonly number[],
  {
    probabilities,
    expected,
    temperature,
  }: Pick<ChoiceSlope, 'probabilities' | 'expected'> & { readonly temperature: number },
): number[] {
  const [least, most] = [Math.min(...rewards), Math.max(...rewards)];
  // Not left to the arithmetic: a sum of probabilities is 1 only nearly.
  if (least === most) return scores.map(() => 0);
  if (least < 0 || expected >= leastExpected)
    return probabilities.map((p, k) => (p * (rewards[k]! - expected)) / temperature);
  // p_k R_k / J is itself a softmax, whole where p has run out of numbers.
  const won = softmax(scores.map((score, k) => score / temperature + Math.log(rewards[k]!)));
  return won.map((share, k) => (share - probabilities[k]!) / temperature);
}

/** @param logits −Infinity for what has no share; not all of them. */
function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
