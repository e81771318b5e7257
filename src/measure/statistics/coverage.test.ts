import { describe, expect, it } from 'vitest';
import { estimate } from './estimate.ts';
import { correlated, normal, rowsOf, sceneSizes, score, share } from './metric.test.support.ts';
import { prng, seedOf } from './prng.ts';

const runs = 600;

/** Values of mean 0, or 0s and 1s of mean `truth`; two of one scene have the correlation given. */
interface Kind {
  readonly truth: number;
  draw(sizes: readonly number[], correlation: number, random: () => number): number[][];
}

const bell: Kind = {
  truth: 0,
  draw: (sizes, correlation, random) => correlated(sizes, correlation, () => normal(random)),
};
const skewed: Kind = {
  truth: 0,
  draw: (sizes, correlation, random) =>
    correlated(sizes, correlation, () => -Math.log(1 - random()) - 1),
};
/** Each item takes after its scene with the chance √correlation, else it is drawn by itself. */
const shares = (truth: number): Kind => ({
  truth,
  draw: (sizes, correlation, random) =>
    sizes.map((size) => {
      const scene = Number(random() < truth);
      return Array.from({ length: size }, () =>
        random() < Math.sqrt(correlation) ? scene : Number(random() < truth),
      );
    }),
});

/** How many of 100 intervals hold the truth, when scenes are drawn again and again. */
function coverage(kind: Kind, scenes: number | readonly number[], correlation: number): number {
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const random = prng(seedOf(`${kind.truth}`, `${scenes}`, `${correlation}`, `${run}`));
    const sizes = typeof scenes === 'number' ? sceneSizes(scenes, random) : scenes;
    const values = kind.draw(sizes, correlation, random);
    const [metric, name] = kind.truth === 0 ? [score, 'score'] : [share, 'right'];
    const { low, high } = estimate(metric, rowsOf(name, values));
    if (low <= kind.truth && kind.truth <= high) held++;
  }
  return (100 * held) / runs;
}

describe('95 % intervals', () => {
  it.each([
    ['normal values', 20, 0, bell],
    ['normal values', 30, 0.05, bell],
    ['normal values', 40, 0.2, bell],
    ['skewed values', 20, 0.05, skewed],
    ['skewed values', 40, 0.1, skewed],
    ['shares of a half', 20, 0.05, shares(0.5)],
    ['shares of a half', 40, 0, shares(0.5)],
    ['shares of three quarters', 30, 0.1, shares(0.75)],
  ])(
    'hold the truth in 93 to 97 of 100 runs: %s, %d scenes, correlation %d',
    (_, scenes, correlation, kind) => {
      const held = coverage(kind, scenes, correlation);
      expect(held).toBeGreaterThanOrEqual(93);
      expect(held).toBeLessThanOrEqual(97);
    },
  );

  /** Items of each held-out scene, as uneven as those of a play: half of all are in one scene. */
  const heldOut = [29, 37, 140, 7, 17, 7, 40];

  it.each([
    ['normal values', 0.05, bell],
    ['skewed values', 0.05, skewed],
    ['shares of three quarters', 0.05, shares(0.75)],
  ])(
    'hold it at least as often with seven scenes of very uneven size: %s, correlation %d',
    (_, correlation, kind) => {
      const held = coverage(kind, heldOut, correlation);
      expect(held).toBeGreaterThanOrEqual(93);
      expect(held).toBeLessThanOrEqual(99);
    },
  );
});
