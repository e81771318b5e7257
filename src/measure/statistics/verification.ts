/**
 * Measures of verification: was this written by the one it is said to be by? An answer is yes, no, or null, which
 * leaves it open. From PAN's shared tasks on authorship, in the form of 2021 and later: the script of 2020 made
 * yes and no of the probabilities before it counted, so that 0.5 became a yes and nothing was ever left open.
 *
 * All are 1 at best, and NaN for no answers at all.
 */
export type Verdict = boolean | null;

/** Yes above the grey zone, no below it, and open inside it, its ends included. */
export function verdict(
  probability: number,
  grey: readonly [number, number] = [0.5, 0.5],
): Verdict {
  if (probability > grey[1]) return true;
  return probability < grey[0] ? false : null;
}

/**
 * Accuracy in which what was left open is credited at the rate at which the rest was right: better to say nothing
 * than to be wrong.
 *
 * @see Peñas and Rodrigo, "A simple measure to assess non-response", 2011.
 */
export function cAt1(answers: readonly Verdict[], truth: readonly boolean[]): number {
  const n = counted(answers, truth);
  const right = answers.filter((answer, i) => answer === truth[i]).length;
  const open = answers.filter((answer) => answer === null).length;
  return (right + (open * right) / n) / n;
}

/**
 * F-measure that asks for precision, and takes what was left open for a missed yes.
 *
 * @returns 0 as soon as no yes was found.
 * @see Bevendorff et al., "Generalizing unmasking for short texts", 2019.
 */
export function fHalfU(answers: readonly Verdict[], truth: readonly boolean[]): number {
  if (counted(answers, truth) === 0) return Number.NaN;
  let found = 0;
  let missed = 0;
  let wrong = 0;
  for (const [i, answer] of answers.entries()) {
    if (answer === null || (answer === false && truth[i])) missed++;
    else if (answer && truth[i]) found++;
    else if (answer) wrong++;
  }
  return found === 0 ? 0 : (1.25 * found) / (1.25 * found + 0.25 * missed + wrong);
}

/** One less the mean squared distance of the probability of a yes from the truth: PAN's complement of Brier's score. */
export function brier(probabilities: readonly number[], truth: readonly boolean[]): number {
  const n = counted(probabilities, truth);
  return 1 - probabilities.reduce((sum, p, i) => sum + (p - Number(truth[i])) ** 2, 0) / n;
}

function counted(answers: readonly unknown[], truth: readonly boolean[]): number {
  if (answers.length !== truth.length)
    throw new RangeError(
      `${answers.length} answers for ${truth.length} truths; as many are wanted`,
    );
  return answers.length;
}
