/**
 * How evenly turns are shared, as the entropy of who speaks over the most it can be: 1 where all speak alike, 0 where one
 * speaks alone. NaN for one person, or no turns.
 *
 * @param turns How many each person has, those who are silent among them.
 */
export function speakerEntropy(turns: readonly number[]): number {
  const total = turns.reduce((sum, count) => sum + count, 0);
  const entropy = turns
    .map((count) => count / total)
    .reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
  return total === 0 ? Number.NaN : entropy / Math.log(turns.length);
}
