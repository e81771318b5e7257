import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPlace, reciprocalRank } from './choice.ts';

/** Every order of the indices of `scores` that has no higher score behind a lower one. */
function orders(scores: readonly number[]): number[][] {
  const permutations = (left: number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((one) =>
          permutations(left.filter((other) => other !== one)).map((rest) => [one, ...rest]),
        );
  return permutations(scores.map((_, i) => i)).filter((order) =>
    order.every((one, i) => i === 0 || scores[order[i - 1]!]! >= scores[one]!),
  );
}
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const fewScores = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 });

describe('firstPlace', () => {
  it('is 1 for the right one first and 0 for a wrong one', () => {
    expect(firstPlace([1, 3, 2], (i) => i === 1)).toBe(1);
    expect(firstPlace([1, 3, 2], (i) => i === 2)).toBe(0);
  });

  it('is what drawing lots between equals would give', () => {
    fc.assert(
      fc.property(fewScores, fc.nat(), (scores, seed) => {
        const isRight = (i: number): boolean => ((seed >> i) & 1) === 1;
        const all = orders(scores).map(([first]) => (isRight(first!) ? 1 : 0));
        expect(firstPlace(scores, isRight)).toBeCloseTo(mean(all), 12);
      }),
    );
  });
});

describe('reciprocalRank', () => {
  it('is the mean over the orders of equals', () => {
    fc.assert(
      fc.property(fewScores, fc.nat(), (scores, seed) => {
        const right = seed % scores.length;
        const all = orders(scores).map((order) => 1 / (order.indexOf(right) + 1));
        expect(reciprocalRank(scores, right)).toBeCloseTo(mean(all), 12);
      }),
    );
  });
});
