import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceFolds } from './balance-folds.ts';
import type { SceneGroup } from './scene-groups.ts';

const group = (scene: string, bySpeaker: Readonly<Record<string, number>>): SceneGroup => ({
  scenes: [scene],
  words: Object.values(bySpeaker).reduce((sum, count) => sum + count, 0),
  bySpeaker: new Map(Object.entries(bySpeaker)),
});

function wordsByFold(groups: readonly SceneGroup[], folds: number, name?: string): number[] {
  const foldOf = balanceFolds(groups, folds);
  const words = new Array<number>(folds).fill(0);
  for (const { scenes, words: all, bySpeaker } of groups)
    words[foldOf.get(scenes[0]!)!]! += name === undefined ? all : (bySpeaker.get(name) ?? 0);
  return words;
}

describe('balanceFolds', () => {
  it('makes no fold longer than the mean and one group more', () => {
    const counts = fc.array(fc.nat(600), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(counts, (each) => {
        // Everybody speaks in one scene only: no one says enough to be looked at.
        const groups = each.map((count, i) => group(`1.${i}`, { [`P${i}`]: count }));
        const total = each.reduce((sum, count) => sum + count, 0);
        expect(Math.max(...wordsByFold(groups, 5))).toBeLessThanOrEqual(
          total / 5 + Math.max(...each),
        );
      }),
    );
  });

  it('spreads the words of each character as well as those of all', () => {
    // Of ten scenes of a thousand words Ada speaks in the odd ones only.
    const groups = Array.from({ length: 10 }, (_, i) =>
      group(`1.${i}`, i % 2 === 1 ? { ADA: 400, BEN: 600 } : { BEN: 1000 }),
    );
    expect(wordsByFold(groups, 5)).toEqual([2000, 2000, 2000, 2000, 2000]);
    expect(wordsByFold(groups, 5, 'ADA')).toEqual([400, 400, 400, 400, 400]);
  });

  it('leaves folds empty if there are too few groups', () => {
    const groups = [group('1.1', { ADA: 900 }), group('1.2', { ADA: 800 })];
    expect(wordsByFold(groups, 5).filter((words) => words > 0)).toHaveLength(2);
  });
});
