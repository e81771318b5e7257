import { describe, expect, it } from 'vitest';
import { expandedPercentile, meanDraws, mostDraws, statisticDraws } from './cluster-bootstrap.ts';
import { normal } from './metric.test.support.ts';
import { prng } from './prng.ts';
import { studentQuantile } from './student.ts';

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const scenes = [[1, 2, 3], [10], [4, 4], [0, 5]];
const sums = scenes.map((scene) => scene.reduce((sum, value) => sum + value, 0));
const counts = scenes.map((scene) => scene.length);

describe('draws of scenes', () => {
  it('give a mean from sums what they give it from the values themselves', () => {
    const slow = statisticDraws(scenes, mean);
    const fast = meanDraws(sums, counts);
    expect(slow).toHaveLength(mostDraws);
    for (const [draw, value] of slow.entries()) expect(fast[draw]).toBeCloseTo(value, 12);
  });

  it('are the same each time', () => {
    expect(meanDraws(sums, counts)).toEqual(meanDraws(sums, counts));
  });

  it('take every scene as often as any other', () => {
    const one = (scene: number) =>
      mean([
        ...meanDraws(
          sums.map((_, g) => Number(g === scene)),
          [1, 1, 1, 1],
        ),
      ]);
    for (const scene of [0, 1, 2, 3]) expect(one(scene)).toBeCloseTo(0.25, 2);
  });

  it('become fewer for a statistic of many rows, but not fewer than 1,000', () => {
    const many = Array.from({ length: 10 }, () => Array<number>(100).fill(1));
    expect(statisticDraws(many, mean)).toHaveLength(1000);
  });
});

describe('expandedPercentile', () => {
  it('is Student’s interval where the draws are normal', () => {
    const random = prng(8);
    const draws = Float64Array.from({ length: 10_000 }, () => normal(random));
    const [low, high] = expandedPercentile(draws, 1, 9);
    expect(high).toBeCloseTo(studentQuantile(0.975, 9), 1);
    expect(low).toBeCloseTo(-studentQuantile(0.975, 9), 1);
  });

  it('reaches further where the standard error is more than the draws show', () => {
    const draws = Float64Array.from({ length: 1000 }, (_, i) => i);
    const narrow = expandedPercentile(draws, 300, 10);
    const wide = expandedPercentile(draws, 400, 10);
    expect(wide[0]).toBeLessThan(narrow[0]);
    expect(wide[1]).toBeGreaterThan(narrow[1]);
  });

  it('leaves out draws that could not be told', () => {
    const told = Float64Array.from({ length: 100 }, (_, i) => i);
    const some = Float64Array.from({ length: 150 }, (_, i) => (i < 100 ? i : Number.NaN));
    expect(expandedPercentile(some, 30, 5)).toEqual(expandedPercentile(told, 30, 5));
  });

  it('is a point where all draws agree', () => {
    expect(expandedPercentile(new Float64Array(10).fill(2), 0, 5)).toEqual([2, 2]);
  });
});
