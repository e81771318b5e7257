import { describe, expect, it } from 'vitest';
import { bestOnly, leaveOneOut } from './advantages.ts';

const softmax = (logits: readonly number[]): number[] => {
  const shares = logits.map(Math.exp);
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
};
/** d log p_a / d logit_j. */
const score = (p: readonly number[], a: number, j: number): number => Number(a === j) - p[j]!;

describe('leaveOneOut', () => {
  it('compares each reply with the mean of the others, without dividing by how much they differ', () => {
    const got = (rewards: readonly number[]) => rewards.map((reward) => ({ reward, kl: 0 }));
    expect(leaveOneOut(got([1, 0, 0, 0]), 0.1).map((a) => Number(a.toFixed(12)))).toEqual([
      1,
      ...Array(3).fill(Number((-1 / 3).toFixed(12))),
    ]);
    // As far apart as numbers can be: no advantage is larger than the rewards.
    for (const a of leaveOneOut(got([...Array(7).fill(0.35), 0.95]), 0)) {
      expect(Math.abs(a)).toBeLessThanOrEqual(0.95);
    }
    expect(leaveOneOut(got([0.35, 0.35, 0.35]), 0)).toEqual([0, 0, 0]);
  });

  it('refuses a single reply, and rewards or distances that are no numbers', () => {
    expect(() => leaveOneOut([{ reward: 1, kl: 0 }], 0)).toThrow(/1 replies .* two at least/);
    const two = (reward: number, kl = 0) => [
      { reward, kl },
      { reward: 0, kl: 0 },
    ];
    expect(() => leaveOneOut(two(Number.NaN), 0)).toThrow(/rewards are NaN, 0/);
    expect(() => leaveOneOut(two(1, Number.POSITIVE_INFINITY), 0.1)).toThrow(/finite/);
    expect(leaveOneOut(two(1, 200), 0.1)).toEqual([-19, 19]);
  });

  describe('on three arms, with the distance to where it began', () => {
    const rewards = [1, 0.5, 0];
    const start = [1 / 3, 1 / 3, 1 / 3];
    const beta = 0.1;

    /** Climbs the expected gradient of an estimator of two draws until it stands still. */
    function climbed(
      gradientOf: (p: readonly number[], a: number, b: number, j: number) => number,
    ) {
      let logits = [0, 0, 0];
      for (let step = 0; step < 3000; step++) {
        const p = softmax(logits);
        logits = logits.map((logit, j) => {
          let slope = 0;
          for (let a = 0; a < 3; a++)
            for (let b = 0; b < 3; b++) slope += p[a]! * p[b]! * gradientOf(p, a, b, j);
          return logit + 4 * slope;
        });
      }
      return softmax(logits);
    }
    const k1 = (p: readonly number[], a: number): number => Math.log(p[a]! / start[a]!);

    it('reaches the best that the penalty allows when it is in the reward', () => {
      const found = climbed((p, a, b, j) => {
        const got = [a, b].map((arm) => ({ reward: rewards[arm]!, kl: k1(p, arm) }));
        const [one, other] = leaveOneOut(got, beta);
        return (one! * score(p, a, j) + other! * score(p, b, j)) / 2;
      });
      [0.9933, 0.0067, 0].forEach((best, arm) => {
        expect(Math.abs(found[arm]! - best)).toBeLessThan(0.001);
      });
    });

    it('misses it where k3 is a loss instead, and has no penalty at all where k1 is', () => {
      const without = (p: readonly number[], a: number, b: number, j: number): number => {
        const got = [a, b].map((arm) => ({ reward: rewards[arm]!, kl: 0 }));
        const [one, other] = leaveOneOut(got, 0);
        return (one! * score(p, a, j) + other! * score(p, b, j)) / 2;
      };
      const k3 = climbed((p, a, b, j) => {
        const slope = (arm: number): number => (1 - start[arm]! / p[arm]!) * score(p, arm, j);
        return without(p, a, b, j) - (beta * (slope(a) + slope(b))) / 2;
      });
      expect(k3[0]).toBeCloseTo(0.906, 2);
      expect(k3[2]).toBeCloseTo(0.032, 2);
      const k1Loss = climbed(
        (p, a, b, j) => without(p, a, b, j) - (beta * (score(p, a, j) + score(p, b, j))) / 2,
      );
      expect(k1Loss[0]).toBeGreaterThan(0.999);
    });
  });

  it('has the exact gradient as its mean over all pairs of replies of up to three words', () => {
    const vocabulary = 5;
    const most = 3;
    /** By position; word 0 ends a reply. */
    const tables = Array.from({ length: most }, (_, t) =>
      softmax(Array.from({ length: vocabulary }, (_, w) => Math.sin(3 * t + 2 * w))),
    );
    const replies: number[][] = [];
    const extend = (words: readonly number[]): void => {
      for (let word = 0; word < vocabulary; word++) {
        const reply = [...words, word];
        if (word === 0 || reply.length === most) replies.push(reply);
        else extend(reply);
      }
    };
    extend([]);
    const p = (reply: readonly number[]): number =>
      reply.reduce((product, word, t) => product * tables[t]![word]!, 1);
    expect(replies.reduce((sum, reply) => sum + p(reply), 0)).toBeCloseTo(1, 12);
    const rewardOf = (reply: readonly number[]): number =>
      Math.cos(reply.reduce((sum, word) => 2 * sum + word, 1)) / reply.length;
    const klOf = (reply: readonly number[]): number =>
      Math.log(p(reply)) + reply.length * Math.log(vocabulary);
    const beta = 0.07;
    // As one number: along a direction drawn for each logit.
    const along = (reply: readonly number[]): number =>
      reply.reduce((sum, word, t) => {
        const row = Array.from({ length: vocabulary }, (_, j) => score(tables[t]!, word, j));
        return sum + row.reduce((total, one, j) => total + one * Math.sin(7 * t + j + 1), 0);
      }, 0);
    const exact = replies.reduce(
      (sum, reply) => sum + p(reply) * (rewardOf(reply) - beta * klOf(reply)) * along(reply),
      0,
    );
    const known = replies.map((reply) => ({
      ...{ share: p(reply), slope: along(reply) },
      got: { reward: rewardOf(reply), kl: klOf(reply) },
    }));
    let mean = 0;
    for (const a of known)
      for (const b of known) {
        const [one, other] = leaveOneOut([a.got, b.got], beta);
        mean += (a.share * b.share * (one! * a.slope + other! * b.slope)) / 2;
      }
    expect(Math.abs(mean - exact)).toBeLessThan(1e-6 * Math.abs(exact) + 1e-12);
  });
});

describe('bestOnly', () => {
  it('takes the best reply, none where none got anything, none where all got the same', () => {
    const best = (rewards: readonly number[]) =>
      bestOnly(rewards.map((reward) => ({ reward, kl: 3 })));
    expect(best([0.2, 0.7, 0.7, 0])).toEqual([0, 1, 0, 0]);
    expect(best([0, 0])).toEqual([0, 0]);
    expect(best([0.5, 0.5])).toEqual([0, 0]);
  });
});
