import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemar } from './mcnemar.ts';
import { prng } from './prng.ts';
import { leastP, sceneSwapTest } from './scene-swap.ts';

const oneItemScenes = (better: number, worse: number, alike = 0) => [
  ...Array<number>(better).fill(1),
  ...Array<number>(worse).fill(-1),
  ...Array<number>(alike).fill(0),
];

/** All sums of ± parts, by recursion. */
function sums(parts: readonly number[]): number[] {
  const [first, ...rest] = parts;
  return first === undefined ? [0] : sums(rest).flatMap((sum) => [sum + first, sum - first]);
}

describe('mcnemar', () => {
  it('is the chance of as uneven a toss', () => {
    expect(mcnemar(3, 0)).toBeCloseTo(0.25, 12);
    expect(mcnemar(1, 7)).toBeCloseTo((2 * (1 + 8)) / 256, 12);
    expect(mcnemar(4, 4)).toBeCloseTo(1, 12);
    expect(mcnemar(0, 0)).toBe(1);
  });

  it('does not lose itself in thousands of items', () => {
    expect(mcnemar(2000, 2000)).toBeCloseTo(1, 9);
    // 2.0 standard deviations, with the half taken off for whole numbers.
    expect(mcnemar(2064, 1936)).toBeCloseTo(0.0446, 3);
  });
});

describe('sceneSwapTest', () => {
  it('is the test of McNemar where each scene has one item', () => {
    const counts = fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.nat({ max: 2 }));
    fc.assert(
      fc.property(counts, ([better, worse, alike]) => {
        const p = sceneSwapTest(oneItemScenes(better, worse, alike));
        expect(p).toBeCloseTo(mcnemar(better, worse), 9);
      }),
    );
  });

  it('is the share of all ways to swap that give as much', () => {
    const parts = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, (scenes) => {
        const all = sums(scenes);
        const seen = Math.abs(scenes.reduce((sum, part) => sum + part, 0));
        const share = all.filter((sum) => Math.abs(sum) >= seen).length / all.length;
        expect(sceneSwapTest(scenes)).toBeCloseTo(share, 12);
      }),
    );
  });

  it('takes sums that differ by rounding for the same', () => {
    expect(sceneSwapTest([0.1, 0.2, 0.3])).toBe(0.25);
    expect(sceneSwapTest([0.3, 0.2, 0.1].map((x) => x / 3))).toBe(0.25);
  });

  it('draws the ways where they are too many, and comes close to the truth', () => {
    const p = sceneSwapTest(oneItemScenes(14, 6));
    expect(Math.abs(p - mcnemar(14, 6))).toBeLessThan(0.012);
    expect(sceneSwapTest(oneItemScenes(60, 0))).toBe(leastP(60));
  });

  it('cannot find anything in a single scene, or in none', () => {
    expect(sceneSwapTest([5])).toBe(1);
    expect(sceneSwapTest([])).toBe(1);
  });

  it('gives no less than can be given for so many scenes', () => {
    expect(sceneSwapTest([1, 2, 3, 4, 5, 6, 7])).toBe(leastP(7));
    expect([0, 1, 5, 7].map(leastP)).toEqual([1, 1, 0, 1 / 64]);
  });

  it('finds a difference that is not there in about 5 of 100 runs, where scenes are uneven', () => {
    const random = prng(5);
    const sizes = [29, 37, 140, 7, 17, 7, 40];
    let found = 0;
    for (let run = 0; run < 2000; run++) {
      const parts = sizes.map((size) => {
        const shift = (random() + random() + random() - 1.5) / 2;
        let sum = 0;
        for (let item = 0; item < size; item++) sum += shift + random() - 0.5;
        return sum;
      });
      if (sceneSwapTest(parts) < 0.05) found++;
    }
    expect(found / 2000).toBeGreaterThan(0.03);
    expect(found / 2000).toBeLessThan(0.06);
  });
});
