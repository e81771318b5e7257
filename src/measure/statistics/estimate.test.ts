import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../metric.ts';
import type { Row } from '../row.ts';
import { auc } from './auc.ts';
import { estimate } from './estimate.ts';
import { correlated, normal, rowsOf, sceneSizes, score, share } from './metric.test.support.ts';
import { prng, shuffled } from './prng.ts';

const values = (rows: readonly Row[]) => rows.map((row) => row.values.score!);
const mean: Metric = {
  ...score,
  name: 'mean, as a statistic',
  of: (rows) => values(rows).reduce((sum, v) => sum + v, 0) / rows.length,
};

describe('estimate', () => {
  it('gives a mean with an interval around it, the items and the scenes', () => {
    const random = prng(1);
    const rows = rowsOf(
      'score',
      correlated(sceneSizes(12, random), 0.2, () => normal(random)),
    );
    const { value, low, high, n, clusters, method, draws } = estimate(score, rows);
    expect(value).toBeCloseTo(mean.of!(rows), 12);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect({ n, clusters, method, draws }).toEqual({
      n: rows.length,
      clusters: 12,
      method: 'scene-clustered bootstrap',
      draws: 10_000,
    });
  });

  it('is the same whatever order the rows come in', () => {
    const rows = rowsOf('score', [[0.5, 1], [2], [3, 4, 4], [1], [1, 0], [5]]);
    expect(estimate(score, shuffled(rows, prng(3)))).toEqual(estimate(score, rows));
  });

  it('gives a mean asked for as a statistic the same value, error and interval', () => {
    const random = prng(2);
    const rows = rowsOf(
      'score',
      correlated([3, 1, 4, 2, 6, 2, 5], 0.2, () => normal(random)),
    );
    const [direct, asked] = [estimate(score, rows), estimate(mean, rows)];
    for (const key of ['value', 'low', 'high', 'stderr'] as const)
      expect(asked[key]).toBeCloseTo(direct[key], 9);
  });

  it('counts alike items of one scene for little more than one', () => {
    const alike = rowsOf(
      'score',
      [1, 4, 2, 8, 5, 7, 3].map((v) => Array<number>(20).fill(v)),
    );
    const { n, nEff } = estimate(score, alike);
    expect(n).toBe(140);
    expect(nEff).toBeGreaterThan(5);
    expect(nEff).toBeLessThan(8);
  });

  it('counts independent items for as many, or nearly', () => {
    const random = prng(6);
    const rows = rowsOf(
      'score',
      correlated(Array(30).fill(20), 0, () => normal(random)),
    );
    for (const metric of [score, mean]) {
      expect(estimate(metric, rows).nEff).toBeGreaterThan(400);
      expect(estimate(metric, rows).nEff).toBeLessThanOrEqual(600);
    }
  });

  it('leaves out rows that the metric does not apply to', () => {
    const rows = rowsOf('score', [[1, Number.NaN], [3]]);
    const other = rowsOf('something else', [[9]]);
    expect(estimate(score, [...rows, ...other])).toMatchObject({ value: 2, n: 2, clusters: 2 });
  });

  it('has no interval for one scene, and no value for no row', () => {
    expect(estimate(score, rowsOf('score', [[1, 2, 3]]))).toMatchObject({
      value: 2,
      low: 2,
      high: 2,
      method: 'none',
    });
    for (const metric of [score, mean, share])
      expect(estimate(metric, [])).toMatchObject({ value: Number.NaN, method: 'none', n: 0 });
  });

  it('uses Student’s interval for fewer than six scenes, whose draws could not reach far enough', () => {
    const { low, high, method } = estimate(score, rowsOf('score', [[1], [2], [3]]));
    expect(method).toBe('scene-clustered t');
    // 4.303 = t with two degrees of freedom; the error is 1 / √3.
    expect(low).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 3);
    expect(high).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 3);
  });

  it('gives few shares Wilson’s interval, for what the items are worth', () => {
    const scenes = [1, 1, 0, 1, 1, 0, 1, 1].map((right) => [right, right, right]);
    const [apart, together] = [
      estimate(
        share,
        rowsOf(
          'right',
          scenes.flat().map((right) => [right]),
        ),
      ),
      estimate(share, rowsOf('right', scenes)),
    ];
    expect([apart.method, together.method]).toEqual(['Wilson', 'Wilson']);
    expect(together.value).toBe(apart.value);
    expect(together.high - together.low).toBeGreaterThan(1.5 * (apart.high - apart.low));
  });

  it('does not take a share for certain because all items agree', () => {
    const all = estimate(share, rowsOf('right', Array(7).fill(Array(20).fill(1))));
    expect(all).toMatchObject({ value: 1, high: 1, method: 'Wilson', nEff: 20 });
    expect(all.low).toBeLessThan(0.9);
  });

  it('keeps a share between 0 and 1', () => {
    const scene = fc.array(fc.constantFrom(0, 1, 1, 1), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(scene, { minLength: 1, maxLength: 9 }), (scenes) => {
        const { value, low, high } = estimate(share, rowsOf('right', scenes));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(value + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value - 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it('is at home with figures that are no mean', () => {
    const random = prng(9);
    const shift = [1, 0];
    const rows = rowsOf(
      'score',
      correlated(Array(10).fill(20), 0.1, () => normal(random)),
    ).map((row, i) => ({
      ...row,
      values: { score: row.values.score! + shift[i % 2]!, own: 1 - (i % 2) },
    }));
    const side = (all: readonly Row[], own: number) =>
      all.filter((row) => row.values.own === own).map((row) => row.values.score!);
    const area: Metric = {
      name: 'auc',
      unit: 'share',
      higherIsBetter: true,
      of: (all) => auc(side(all, 1), side(all, 0)),
    };
    const { value, low, high } = estimate(area, rows);
    // Two normal distributions one deviation apart: Φ(1 / √2) = 0.760.
    expect(value).toBeCloseTo(0.76, 1);
    expect(low).toBeLessThan(0.76);
    expect(high).toBeGreaterThan(0.76);
    expect(high - low).toBeLessThan(0.25);
  });

  it('refuses a value that is infinite', () => {
    expect(() => estimate(score, rowsOf('score', [[1], [Number.POSITIVE_INFINITY]]))).toThrow(
      'score of item 1.2.1 is Infinity',
    );
  });
});
