import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceSlope, leastExpected } from './choice-slope.ts';

const score = fc.double({ min: -6, max: 6, noNaN: true });
const reward = fc.double({ min: 0, max: 1, noNaN: true });
const someChoice = fc
  .array(fc.tuple(score, reward), { minLength: 2, maxLength: 6 })
  .map((pairs) => ({ scores: pairs.map(([s]) => s), rewards: pairs.map(([, r]) => r) }));

/** The expected reward by its definition, written out. */
function expectedReward(scores: readonly number[], rewards: readonly number[], tau = 1): number {
  const total = scores.reduce((sum, s) => sum + Math.exp(s / tau), 0);
  return scores.reduce((sum, s, k) => sum + (Math.exp(s / tau) / total) * rewards[k]!, 0);
}

/** All orders of a few things. */
function orders<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]];
  return things.flatMap((first, i) =>
    orders(things.filter((_, j) => j !== i)).map((rest) => [first, ...rest]),
  );
}

describe('choiceSlope', () => {
  it('gives the mean reward over all candidates, each as probable as its score says', () => {
    fc.assert(
      fc.property(someChoice, fc.double({ min: 0.3, max: 3, noNaN: true }), (choice, tau) => {
        const { scores, rewards } = choice;
        const { probabilities, expected } = choiceSlope(scores, rewards, tau);
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        expect(expected).toBeCloseTo(expectedReward(scores, rewards, tau), 10);
      }),
    );
  });

  it('has the slope of the expected reward, or of its logarithm where that is small, by finite differences', () => {
    let [plain, logarithms] = [0, 0];
    fc.assert(
      fc.property(someChoice, fc.double({ min: 0.5, max: 2, noNaN: true }), (choice, tau) => {
        const { scores, rewards } = choice;
        const { expected, slopes } = choiceSlope(scores, rewards, tau);
        const isLog = expected < leastExpected;
        if (expected < 1e-9) return;
        isLog ? logarithms++ : plain++;
        const of = (moved: readonly number[]): number => {
          const value = expectedReward(moved, rewards, tau);
          return isLog ? Math.log(value) : value;
        };
        const h = 1e-5;
        scores.forEach((_, k) => {
          const by = (step: number) => scores.map((s, i) => (i === k ? s + step : s));
          const found = (of(by(h)) - of(by(-h))) / (2 * h);
          expect(slopes[k]).toBeCloseTo(found, 5);
        });
      }),
      { numRuns: 500 },
    );
    expect(Math.min(plain, logarithms)).toBeGreaterThan(5);
  });

  it('is the slope of a sampled choice averaged over every outcome', () => {
    fc.assert(
      fc.property(someChoice, ({ scores, rewards }) => {
        const { probabilities, expected, slopes } = choiceSlope(scores, rewards);
        if (expected < leastExpected) return;
        // REINFORCE: the reward of what was drawn times the slope of its log-probability.
        const sum = scores.map(() => 0);
        probabilities.forEach((p, drawn) => {
          scores.forEach((_, k) => {
            sum[k]! += p * rewards[drawn]! * (Number(k === drawn) - probabilities[k]!);
          });
        });
        slopes.forEach((slope, k) => {
          expect(slope).toBeCloseTo(sum[k]!, 10);
        });
      }),
    );
  });

  it('teaches nothing at all where all rewards are equal', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 2, maxLength: 6 }), reward, (scores, equal) => {
        const { slopes } = choiceSlope(
          scores,
          scores.map(() => equal),
        );
        expect(slopes).toEqual(scores.map(() => 0));
      }),
    );
  });

  it('moves with its candidates when they change places, and teaches nothing on average over permuted rewards', () => {
    const scores = [0.3, -0.4, 1.1, 0];
    const rewards = [1, 0.2, 0.4, 0.6];
    const { slopes } = choiceSlope(scores, rewards);
    const turned = choiceSlope([...scores].reverse(), [...rewards].reverse()).slopes;
    [...turned].reverse().forEach((slope, k) => {
      expect(slope).toBeCloseTo(slopes[k]!, 12);
    });
    const all = orders(rewards).map((permuted) => choiceSlope(scores, permuted).slopes);
    scores.forEach((_, k) => {
      const mean = all.reduce((sum, one) => sum + one[k]!, 0) / all.length;
      expect(mean).toBeCloseTo(0, 12);
    });
    expect(Math.max(...slopes.map(Math.abs))).toBeGreaterThan(0.05);
  });

  it('depends on differences of scores alone', () => {
    const [a, b] = [choiceSlope([1, 2, 3], [0, 1, 0]), choiceSlope([-99, -98, -97], [0, 1, 0])];
    a.slopes.forEach((slope, k) => {
      expect(slope).toBeCloseTo(b.slopes[k]!, 12);
    });
  });

  it('still rises where the right answer has no probability left', () => {
    const { expected, slopes } = choiceSlope([-5000, 0], [1, 0]);
    expect(expected).toBe(0);
    expect(slopes).toEqual([1, -1]);
  });

  it('finds the best of three arms by its slope alone', () => {
    const rewards = [1, 0.5, 0];
    let scores = [0, 1, 2];
    for (let step = 0; step < 4000; step++) {
      const { slopes } = choiceSlope(scores, rewards);
      scores = scores.map((s, k) => s + 0.5 * slopes[k]!);
    }
    expect(choiceSlope(scores, rewards).expected).toBeGreaterThan(0.99);
  });

  it('refuses a reward or a score that is no number, and a choice of one', () => {
    expect(() => choiceSlope([1, 2], [1, Number.NaN])).toThrow(/finite/);
    expect(() => choiceSlope([1, Number.NaN], [1, 0])).toThrow(/finite/);
    expect(() => choiceSlope([1, Number.POSITIVE_INFINITY], [1, 0])).toThrow(/finite/);
    expect(() => choiceSlope([1], [1])).toThrow(/two candidates/);
    expect(() => choiceSlope([1, 2], [1])).toThrow(/two candidates/);
  });
});
