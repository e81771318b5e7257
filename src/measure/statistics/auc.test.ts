import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc } from './auc.ts';

/** Every pair looked at. */
const byPairs = (positives: readonly number[], negatives: readonly number[]) =>
  positives
    .flatMap((p) => negatives.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)))
    .reduce((sum, win) => sum + win, 0) /
  (positives.length * negatives.length);

describe('auc', () => {
  it('is 1 where every positive is above every negative, and 0 the other way round', () => {
    expect(auc([3, 4], [1, 2])).toBe(1);
    expect(auc([1, 2], [3, 4])).toBe(0);
  });

  it('is a half where all scores are the same', () => {
    expect(auc([5, 5, 5], [5, 5])).toBe(0.5);
  });

  it('cannot be told without a positive or without a negative', () => {
    expect(auc([], [1])).toBeNaN();
    expect(auc([1], [])).toBeNaN();
  });

  it('is the share of pairs that are in order, ties counting half', () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, scores, (positives, negatives) => {
        expect(auc(positives, negatives)).toBeCloseTo(byPairs(positives, negatives), 12);
      }),
    );
  });
});
