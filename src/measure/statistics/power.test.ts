import { describe, expect, it } from 'vitest';
import { powerOf } from './power.ts';
import { prng } from './prng.ts';

const half = { sd: 0.5, scene: 0, play: 0 };
const scenes = (count: number, items: number): number[] => new Array<number>(count).fill(items);

describe('powerOf', () => {
  it('is the binomial’s where items are independent', () => {
    const { stderr, nEff } = powerOf([scenes(40, 10)], half, 0);
    expect(stderr).toBeCloseTo(0.5 / 20, 12);
    expect(nEff).toBeCloseTo(400, 9);
  });

  it('counts whole scenes where all items of a scene say the same', () => {
    expect(powerOf([scenes(40, 10)], { ...half, scene: 1 }, 0).nEff).toBeCloseTo(40, 9);
  });

  it('agrees with what such items do', () => {
    const random = prng(11);
    const spread = { sd: 1, scene: 0.3, play: 0.2 };
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const plays = [scenes(4, 6), scenes(7, 3), [10, 2, 1], scenes(3, 8)];
    const means = Array.from({ length: 4000 }, () => {
      const figures = plays.map((sizes) => {
        const ofPlay = Math.sqrt(spread.play) * normal();
        const values = sizes.flatMap((size) => {
          const ofScene = Math.sqrt(spread.scene) * normal();
          return Array.from({ length: size }, () => ofPlay + ofScene + Math.sqrt(0.5) * normal());
        });
        return values.reduce((a, b) => a + b, 0) / values.length;
      });
      return figures.reduce((a, b) => a + b, 0) / figures.length;
    });
    const sd = Math.sqrt(means.reduce((a, b) => a + b ** 2, 0) / means.length);
    expect(powerOf(plays, spread, 0).stderr / sd).toBeCloseTo(1, 1);
  });

  it('sees less between two models the more alike they are, and nothing under three clusters', () => {
    const far = powerOf([scenes(9, 10)], half, 0.5);
    expect(far.fromModel).toBeCloseTo(far.fromFloor, 12);
    expect(powerOf([scenes(9, 10)], half, 0.9).fromModel).toBeLessThan(far.fromModel / 2);
    expect(powerOf([scenes(2, 10)], half, 0.5).fromFloor).toBeNaN();
    expect(powerOf([scenes(9, 10), scenes(9, 10)], half, 0.5).fromFloor).toBeNaN();
  });

  it('has nothing to say of nothing', () => {
    expect(powerOf([[], [0]], half, 0.5)).toMatchObject({ items: 0, scenes: 0, nEff: 0 });
  });

  it('refuses what is no correlation', () => {
    for (const alike of [-0.1, 1, Number.NaN])
      expect(() => powerOf([scenes(3, 3)], half, alike)).toThrow(RangeError);
  });
});
