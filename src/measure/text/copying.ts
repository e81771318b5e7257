import type { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedCount, sharedRun, sharedRuns } from '../../corpus/gates/shared-run.ts';

/** So many words in a row as in a corpus were taken from it: original speeches share at most 6 with other scenes. */
export const recitedRun = 8;

/** How a text agrees with a corpus. */
export interface Copying {
  /** Words of the longest run that stands in the corpus too. */
  readonly longestRun: number;
  /** Share of the text's runs of six words that stand in the corpus; 0 for a shorter text. */
  readonly sixGrams: number;
  readonly eightGrams: number;
}

/** How much of a text is copied. Of original speeches 0.00–0.02 % of the six-grams stand in other scenes. */
export function copying(text: string, corpus: RunIndex): Copying {
  const rate = (n: number): number => {
    const { shared, all } = sharedCount(text, corpus, n);
    return all === 0 ? 0 : shared / all;
  };
  return {
    longestRun: sharedRun(text, corpus)?.length ?? 0,
    sixGrams: rate(6),
    eightGrams: rate(8),
  };
}

/** Whether a text has eight words in a row that stand in another scene of the corpus than the one named. */
export function recites(text: string, corpus: RunIndex, scene: string): boolean {
  return sharedRuns(text, corpus, recitedRun).some(({ place }) => !place.startsWith(`${scene}.`));
}
