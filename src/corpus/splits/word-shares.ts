import type { SceneGroup } from './scene-groups.ts';

/** Words that a character needs to say in a play for a model to be trained on it, and measured. */
const enoughWords = 700;
/** No play of Shakespeare's has as many who say so much. */
const mostMain = 24;

/**
 * For each group of scenes its share of all words of the play, then of the words of each character who speaks enough.
 *
 * @returns Groups × columns; each column adds up to 1, or to 0 if the play has no words.
 */
export function wordShares(groups: readonly SceneGroup[]): number[][] {
  const totals = new Map<string, number>();
  for (const { bySpeaker } of groups)
    for (const [name, count] of bySpeaker) totals.set(name, (totals.get(name) ?? 0) + count);
  const main = [...totals]
    .filter(([, count]) => count >= enoughWords)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostMain);
  const all = groups.reduce((sum, { words }) => sum + words, 0) || 1;
  return groups.map(({ words, bySpeaker }) => [
    words / all,
    ...main.map(([name, total]) => (bySpeaker.get(name) ?? 0) / total),
  ]);
}
