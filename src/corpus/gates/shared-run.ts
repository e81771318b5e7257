import { words } from '../../play/words.ts';
import type { Agreement, RunIndex } from './run-index.ts';

/** A run of words that a text and an index share, and that cannot be made longer. */
export interface SharedRun {
  /** In words. */
  readonly length: number;
  /** Words as `words` gives them, a space between. */
  readonly words: string;
  /** Position of its first word among those of the text, from 0. */
  readonly at: number;
  /** Place of a text of the index that has it. */
  readonly place: string;
}

/** The longest run of words that a text shares with an index, the first if there are several; undefined if none. */
export function sharedRun(text: string, index: RunIndex): SharedRun | undefined {
  const own = words(text);
  const agreements = index.agreements(own);
  let longest = -1;
  agreements.forEach(({ length }, i) => {
    if (length > (agreements[longest]?.length ?? 0)) longest = i;
  });
  return longest === -1 ? undefined : runEndingAt(longest, own, agreements);
}

/**
 * The runs of at least so many words that a text shares with an index, in the order of their ends; they may overlap.
 *
 * @param isAllowed Told `least` words in a row. A run of nothing but such words is no finding.
 */
export function sharedRuns(
  text: string,
  index: RunIndex,
  least: number,
  isAllowed: (words: string) => boolean = () => false,
): SharedRun[] {
  const own = words(text);
  const agreements = index.agreements(own);
  return agreements.flatMap(({ length }, i) => {
    const goesOn = (agreements[i + 1]?.length ?? 0) === length + 1;
    if (length < least || goesOn) return [];
    const run = runEndingAt(i, own, agreements);
    const grams = Array.from({ length: length - least + 1 }, (_, start) =>
      own.slice(run.at + start, run.at + start + least).join(' '),
    );
    return grams.every(isAllowed) ? [] : [run];
  });
}

/** How many runs of exactly so many words a text has, and how many of them an index has too. */
export function sharedCount(
  text: string,
  index: RunIndex,
  n: number,
): { readonly shared: number; readonly all: number } {
  const own = words(text);
  return {
    shared: index.agreements(own).filter(({ length }) => length >= n).length,
    all: Math.max(0, own.length - n + 1),
  };
}

function runEndingAt(
  last: number,
  own: readonly string[],
  agreements: readonly Agreement[],
): SharedRun {
  const { length, place } = agreements[last]!;
  const at = last - length + 1;
  return { length, words: own.slice(at, last + 1).join(' '), at, place: place! };
}
