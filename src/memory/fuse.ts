/** How fast a place in a ranking loses weight; the value of the paper, which found it to matter little. */
const k = 60;

/**
 * One ranking out of several, by reciprocal rank: each gives 1 / (k + rank) to what it ranks.
 *
 * @returns Every ranked item, best first, of equals the smaller number first; scores are divided by
 *   the most there could be, so 1 means first in all.
 * @see Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual
 *   Rank Learning Methods", SIGIR 2009.
 */
export function fuse(
  rankings: readonly (readonly number[])[],
): { readonly item: number; readonly score: number }[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings)
    ranking.forEach((item, i) => {
      scores.set(item, (scores.get(item) ?? 0) + 1 / (k + i + 1));
    });
  const most = rankings.length / (k + 1);
  return Array.from(scores, ([item, score]) => ({ item, score: score / most })).sort(
    (a, b) => b.score - a.score || a.item - b.item,
  );
}
