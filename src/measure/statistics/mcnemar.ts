/**
 * McNemar's exact test of whether two subjects are alike good: of the items on which they differ, each then has as
 * many, but for chance.
 *
 * Exact rather than mid-p, which takes off half of what is as likely as the figures seen and so passes 0.05 now and
 * then where there is nothing to find. Items are taken to be independent; where several come from one scene they
 * are not, and `sceneSwapTest` is the same test with whole scenes in their place.
 *
 * @param better Items that the first has right and the second wrong.
 * @param worse  The other way round.
 * @returns      Two-sided p.
 * @see McNemar, "Note on the sampling error of the difference between correlated proportions", 1947.
 */
export function mcnemar(better: number, worse: number): number {
  const n = better + worse;
  let logWays = 0; // how many ways k of n items can be the one's
  let tail = 0;
  for (let k = 0; k <= Math.min(better, worse); k++) {
    tail += Math.exp(logWays - n * Math.LN2);
    logWays += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
