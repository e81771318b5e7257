/**
 * How often a positive's score is above a negative's, ties counting half: the area under the ROC curve.
 *
 * @returns 0.5 where scores tell nothing, 1 where every positive is above every negative, NaN if a side is empty.
 * @see Mann and Whitney, "On a test of whether one of two random variables is stochastically larger", 1947.
 */
export function auc(positives: readonly number[], negatives: readonly number[]): number {
  const pairs = positives.length * negatives.length;
  if (pairs === 0) return Number.NaN;
  const above = Float64Array.from(positives).sort();
  const below = Float64Array.from(negatives).sort();
  let wins = 0;
  let less = 0; // negatives below the positive at hand
  let notMore = 0; // negatives below it or equal to it
  for (const score of above) {
    while (less < below.length && below[less]! < score) less++;
    while (notMore < below.length && below[notMore]! <= score) notMore++;
    wins += (less + notMore) / 2;
  }
  return wins / pairs;
}
