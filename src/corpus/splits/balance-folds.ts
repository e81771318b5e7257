import type { SceneGroup } from './scene-groups.ts';
import { wordShares } from './word-shares.ts';

/** The words of all count as much as those of so many characters: the folds of Hamlet then have 18 to 21 % of them each. */
const weightOfAll = 3;

/**
 * Divides the scenes into folds of about as many words, and with about as many of each main character's words.
 *
 * The longest group first, each into the fold where it adds least to the sum of squares of what the folds have: a
 * fold that holds much of Ophelia already takes no more of her. Draws nothing.
 *
 * @returns Scene → fold, counted from 0; some folds are empty if there are fewer groups than folds.
 */
export function balanceFolds(groups: readonly SceneGroup[], folds: number): Map<string, number> {
  const shares = wordShares(groups);
  const loads = Array.from({ length: folds }, () =>
    new Array<number>(shares[0]?.length ?? 0).fill(0),
  );
  const foldOf = new Map<string, number>();
  const longestFirst = groups.map((_, i) => i).sort((a, b) => groups[b]!.words - groups[a]!.words);
  for (const at of longestFirst) {
    const row = shares[at]!;
    const weighted = row.map((share, i) => (i === 0 ? weightOfAll * share : share));
    // (load + share)² − load², over the columns, but for the share's own square, which is the same for all folds.
    const costs = loads.map((load) =>
      weighted.reduce((sum, share, i) => sum + share * load[i]!, 0),
    );
    const fold = costs.indexOf(Math.min(...costs));
    row.forEach((share, i) => {
      loads[fold]![i]! += share;
    });
    for (const scene of groups[at]!.scenes) foldOf.set(scene, fold);
  }
  return foldOf;
}
