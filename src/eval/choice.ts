/**
 * Whether a right choice has the highest score: 1 or 0. Where several have it, the share of right ones among them,
 * which is what drawing lots between them would give.
 */
export function firstPlace(scores: readonly number[], isRight: (index: number) => boolean): number {
  const highest = Math.max(...scores);
  const best = scores.flatMap((score, i) => (score === highest ? [i] : []));
  return best.filter(isRight).length / best.length;
}

/**
 * 1 / the place of choice `right` in the order of scores, highest first; 1 is the best. Where others have the same
 * score, the mean over all orders of these.
 */
export function reciprocalRank(scores: readonly number[], right: number): number {
  const own = scores[right]!;
  const before = scores.filter((score) => score > own).length;
  const equal = scores.filter((score) => score === own).length;
  let sum = 0;
  for (let place = before + 1; place <= before + equal; place++) sum += 1 / place;
  return sum / equal;
}
