import { type SceneWords, wordShares } from './scene-words.ts';

/**
 * Divides the scenes into folds of about as many words, and with about as many of each main character's words.
 *
 * The longest scene first, each into the fold where it adds least to the sum of squares of what the folds have: a
 * fold that holds much of Ophelia already takes no more of her. Draws nothing.
 *
 * @returns Scene → fold, counted from 0; some folds are empty if there are fewer scenes than folds.
 */
export function balanceFolds(scenes: readonly SceneWords[], folds: number): Map<string, number> {
  const shares = wordShares(scenes);
  const loads = Array.from({ length: folds }, () =>
    new Array<number>(shares[0]?.length ?? 0).fill(0),
  );
  const foldOf = new Map<string, number>();
  const longestFirst = scenes.map((_, i) => i).sort((a, b) => scenes[b]!.words - scenes[a]!.words);
  for (const scene of longestFirst) {
    const row = shares[scene]!;
    // (load + share)² − load², over the columns, but for the share's own square, which is the same for all folds.
    const costs = loads.map((load) => row.reduce((sum, share, i) => sum + share * load[i]!, 0));
    const fold = costs.indexOf(Math.min(...costs));
    row.forEach((share, i) => {
      loads[fold]![i]! += share;
    });
    foldOf.set(scenes[scene]!.scene, fold);
  }
  return foldOf;
}
