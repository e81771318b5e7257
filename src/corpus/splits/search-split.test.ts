import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SceneGroup } from './scene-groups.ts';
import { searchSplit } from './search-split.ts';

/** Groups of one scene each, in which A, B, C … say so many words. */
function groupsOf(table: readonly (readonly number[])[]): SceneGroup[] {
  return table.map((counts, i) => ({
    scenes: [`1.${i + 1}`],
    words: counts.reduce((sum, count) => sum + count, 0),
    bySpeaker: new Map(counts.map((count, speaker) => ['ABCDEFG'.charAt(speaker), count])),
  }));
}

/** How bad parts are, from the words themselves. */
function cost(groups: readonly SceneGroup[], parts: readonly string[]): number {
  const sum = (part: string, words: (group: SceneGroup) => number) =>
    groups.reduce((total, group, i) => total + (parts[i] === part ? words(group) : 0), 0);
  const total = (words: (group: SceneGroup) => number) =>
    sum('train', words) + sum('dev', words) + sum('holdout', words);
  const share = (part: string, words: (group: SceneGroup) => number) =>
    sum(part, words) / total(words);
  const all = (group: SceneGroup) => group.words;
  if (sum('train', all) === 0) return Infinity;
  let bad = (share('dev', all) - 0.06) ** 2 + (share('holdout', all) - 0.25) ** 2;
  for (const name of groups[0]!.bySpeaker.keys()) {
    const own = (group: SceneGroup) => group.bySpeaker.get(name) ?? 0;
    if (total(own) < 700) continue;
    const left = share('train', own);
    bad += 4 * Math.max(0, 0.6 - left, left - 0.85) ** 2;
  }
  return bad;
}

/** Every way to give `n` groups a part each. */
function* everyWay(n: number): Generator<string[]> {
  if (n === 0) yield [];
  else
    for (const rest of everyWay(n - 1))
      for (const part of ['train', 'dev', 'holdout']) yield [...rest, part];
}

describe('searchSplit', () => {
  it('finds parts as good as the best of all parts there are', () => {
    const tables = fc.array(fc.tuple(fc.nat(900), fc.nat(900), fc.nat(900)), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(tables, (table) => {
        const groups = groupsOf(table);
        if (groups.every(({ words }) => words === 0)) return;
        const found = searchSplit(groups);
        const parts = groups.map(({ scenes }) => found.get(scenes[0]!)!);
        let best = Infinity;
        for (const way of everyWay(groups.length)) best = Math.min(best, cost(groups, way));
        expect(cost(groups, parts)).toBeLessThan(best + 1e-6);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('gives a play of many scenes parts of the sizes wanted, and every character a share of each', () => {
    const table = Array.from({ length: 30 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => (i * 37 + j * 101) % 180),
    );
    const groups = groupsOf(table);
    const found = searchSplit(groups);
    const parts = groups.map(({ scenes }) => found.get(scenes[0]!)!);
    expect(cost(groups, parts)).toBeLessThan(0.0001);
  });

  it('gives all scenes of a group the same part', () => {
    const groups = groupsOf([[500], [500], [500], [500]]).map((group, i) => ({
      ...group,
      scenes: [`1.${i + 1}`, `2.${i + 1}`],
    }));
    const found = searchSplit(groups);
    for (let i = 1; i <= 4; i++) expect(found.get(`1.${i}`)).toBe(found.get(`2.${i}`));
    expect([...found.values()].filter((part) => part === 'holdout')).toHaveLength(2);
  });

  // Exchanging pairs of so many groups would take hours, and the time a test has would end first.
  it('moves single groups only in a play of very many scenes', () => {
    const table = Array.from({ length: 2000 }, (_, i) => [i % 300, (i * 7) % 311, (i * 13) % 293]);
    const groups = groupsOf(table);
    const found = searchSplit(groups);
    expect(cost(groups, [...found.values()])).toBeLessThan(0.001);
  });
});
