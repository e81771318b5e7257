import { words } from '../../play/words.ts';

/** Words of a run. */
const runWords = 8;
/** Share of the runs of two texts that both have, from which on one is a copy of the other. */
const copyShare = 0.5;

/** Two texts that are nearly the same, by their indices. */
export interface NearDuplicate {
  readonly first: number;
  readonly second: number;
  /** Jaccard: of the runs of eight words that either has, the share that both have. */
  readonly share: number;
}

/**
 * The texts that are nearly the same as an earlier one; each is told once, with the earlier text it is most like. A
 * text of fewer than eight words is one run.
 *
 * @see Broder, "On the resemblance and containment of documents", 1997; exactly, not by sketches: a data set for one
 *   character is small.
 */
export function nearDuplicates(texts: readonly string[]): NearDuplicate[] {
  const found: NearDuplicate[] = [];
  const having = new Map<string, number[]>();
  const sizes: number[] = [];
  texts.forEach((text, second) => {
    const runs = runsOf(text);
    const shared = new Map<number, number>();
    for (const run of runs) {
      const earlier = having.get(run);
      for (const first of earlier ?? []) shared.set(first, (shared.get(first) ?? 0) + 1);
      if (earlier) earlier.push(second);
      else having.set(run, [second]);
    }
    sizes.push(runs.size);
    let most: NearDuplicate | undefined;
    for (const [first, count] of shared) {
      const share = count / (sizes[first]! + runs.size - count);
      if (share >= copyShare && share > (most?.share ?? 0)) most = { first, second, share };
    }
    if (most) found.push(most);
  });
  return found;
}

function runsOf(text: string): Set<string> {
  const all = words(text);
  const count = Math.max(1, all.length - runWords + 1);
  return new Set(Array.from({ length: count }, (_, i) => all.slice(i, i + runWords).join(' ')));
}
