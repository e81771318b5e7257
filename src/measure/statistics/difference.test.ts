import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../metric.ts';
import type { Values } from '../row.ts';
import { difference } from './difference.ts';
import { mcnemar } from './mcnemar.ts';
import { correlated, normal, rowsOf, sceneSizes, score, share } from './metric.test.support.ts';
import { prng, shuffled } from './prng.ts';

const mean: Metric = {
  ...score,
  name: 'mean, as a statistic',
  of: (rows) => rows.reduce((sum, row) => sum + row.values.score!, 0) / rows.length,
};

/** Two subjects on the same items, the first better by `more` throughout, but for noise. */
function twoSubjects(scenes: number, more: number, seed = 1) {
  const random = prng(seed);
  const hard = correlated(sceneSizes(scenes, random), 0.3, () => normal(random));
  const subject = (shift: number) =>
    rowsOf(
      'score',
      hard.map((scene) => scene.map((value) => 3 * value + shift + normal(random) / 2)),
    );
  return [subject(more), subject(0)] as const;
}

describe('difference', () => {
  it('sees through how hard the items are, since both have the same', () => {
    const [a, b] = twoSubjects(20, 0.3);
    const { value, low, high, p, detectable } = difference(score, a, b);
    expect(value).toBeCloseTo(0.3, 1);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(0.6);
    expect(p).toBeLessThan(0.001);
    expect(detectable).toBeLessThan(0.3);
  });

  it('turns its sign when the two are swapped', () => {
    const [a, b] = twoSubjects(8, 0.1);
    for (const metric of [score, mean]) {
      const [one, other] = [difference(metric, a, b), difference(metric, b, a)];
      expect(other.value).toBeCloseTo(-one.value, 12);
      expect(other.low).toBeCloseTo(-one.high, 9);
      expect(other.p).toBe(one.p);
    }
  });

  it('gives a mean asked for as a statistic the same figures', () => {
    const [a, b] = twoSubjects(6, 0.2);
    const [direct, asked] = [difference(score, a, b), difference(mean, a, b)];
    for (const key of ['value', 'p', 'detectable', 'n', 'clusters'] as const)
      expect(asked[key]).toBeCloseTo(direct[key], 9);
    expect(asked.low).toBeCloseTo(direct.low, 1);
    expect(asked.high).toBeCloseTo(direct.high, 1);
  });

  it('is sure of what is so in every scene, however unlike the lengths of their texts', () => {
    const lengths = [[900, 800], [5], [9, 7, 6, 8, 9, 12], [11, 4], [40], [6, 3, 9]];
    // Of one sign in all of them, and least in the long one.
    const subject = (more: number) =>
      rowsOf('length', lengths).map((row, i) => {
        const length = row.values.length!;
        const each = 2 + Math.sin(i) + (length > 100 ? more / 30 : more);
        return { ...row, values: { length, nats: length * each } };
      });
    const total = (rows: readonly { readonly values: Values }[], value: string) =>
      rows.reduce((sum, { values }) => sum + values[value]!, 0);
    const ratio: Metric = {
      name: 'nats of a letter',
      unit: 'nats',
      higherIsBetter: false,
      of: (rows) => total(rows, 'nats') / total(rows, 'length'),
      weight: ({ values }) => values.length!,
    };
    const { low, p } = difference(ratio, subject(0.3), subject(0));
    expect(low).toBeGreaterThan(0);
    expect(p).toBe(2 / 2 ** lengths.length);
    // Who takes a scene for what it has of items takes the long one for one of the other sign.
    const { weight: _, ...unweighted } = ratio;
    expect(difference(unweighted, subject(0.3), subject(0)).p).toBe(1);
  });

  it('leaves out rows that have no part in the figure, and scenes of such alone', () => {
    const [a, b] = twoSubjects(8, 0.2);
    const weight: Metric['weight'] = ({ item }) => (item.scene === '1.3' ? 0 : 1);
    const of: Metric['of'] = (rows) => mean.of!(rows.filter((row) => weight(row) > 0));
    const others = (rows: typeof a) => rows.filter(({ item }) => item.scene !== '1.3');
    expect(difference({ ...mean, of, weight }, a, b)).toEqual(
      difference({ ...mean, of }, others(a), others(b)),
    );
  });

  it('pairs by item, whatever order the rows come in, and leaves out what one of them lacks', () => {
    const [a, b] = twoSubjects(7, 0.2);
    const whole = difference(score, a.slice(0, -3), b.slice(0, -3));
    expect(difference(score, a.slice(0, -3), shuffled(b, prng(2)))).toEqual(whole);
    expect(difference(score, a, b.slice(0, -3)).n).toBe(b.length - 3);
    expect(difference(mean, a, b.slice(0, -3)).value).toBeCloseTo(whole.value, 12);
  });

  it('finds nothing between a subject and itself', () => {
    const [a] = twoSubjects(9, 0);
    expect(difference(score, a, a)).toMatchObject({ value: 0, low: 0, high: 0, p: 1 });
  });

  it('is McNemar’s test for one 0/1 item in each scene', () => {
    const sides = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(sides, (pairs) => {
        const [a, b] = [0, 1].map((side) =>
          rowsOf(
            'right',
            pairs.map((pair) => [pair[side]!]),
          ),
        );
        const better = pairs.filter(([x, y]) => x > y).length;
        const worse = pairs.filter(([x, y]) => x < y).length;
        expect(difference(share, a!, b!).p).toBeCloseTo(mcnemar(better, worse), 12);
      }),
      { numRuns: 30 },
    );
  });

  it('does not take a share’s difference for certain because hardly any pair differs', () => {
    const right = Array.from({ length: 8 }, () => Array<number>(10).fill(1));
    const oneWrong = right.map((scene, g) => (g === 2 ? [0, ...scene.slice(1)] : scene));
    for (const other of [right, oneWrong]) {
      const { low, high, detectable, p } = difference(
        share,
        rowsOf('right', right),
        rowsOf('right', other),
      );
      expect(low).toBeLessThan(0);
      expect(high).toBeGreaterThan(0.02);
      expect(detectable).toBeGreaterThan(0.02);
      expect(p).toBe(1);
    }
  });

  it('says what it would take: about 2.80 standard errors with many scenes, more with few', () => {
    const errors = (scenes: number) => {
      const ones = Array.from({ length: scenes }, (_, g) => [g % 2 ? 1 : -1]);
      const zeros = ones.map(() => [0]);
      const { detectable } = difference(score, rowsOf('score', ones), rowsOf('score', zeros));
      return detectable * Math.sqrt(scenes - 1);
    };
    expect(errors(100)).toBeCloseTo(2.8, 1);
    expect(errors(8)).toBeCloseTo(2.365 + 0.896, 2);
  });

  it('finds an effect of the size it calls detectable in about 80 of 100 runs', () => {
    let found = 0;
    const random = prng(12);
    const draw = (shift: number) =>
      correlated(Array<number>(20).fill(6), 0.1, () => normal(random)).map((scene) =>
        scene.map((value) => value + shift),
      );
    const zeros = rowsOf('score', Array(20).fill(Array(6).fill(0)));
    const sizes = Array.from({ length: 100 }, () =>
      difference(score, rowsOf('score', draw(0)), zeros),
    );
    const effect = sizes.reduce((sum, { detectable }) => sum + detectable, 0) / sizes.length;
    for (let run = 0; run < 200; run++)
      if (difference(score, rowsOf('score', draw(effect)), zeros).p < 0.05) found++;
    expect(found / 200).toBeGreaterThan(0.73);
    expect(found / 200).toBeLessThan(0.87);
  });

  it('is Student’s test with fewer than six scenes, sure of what is much the same in each', () => {
    const zeros = rowsOf('score', [[0], [0], [0]]);
    const p = (a: number, b: number, c: number) =>
      difference(score, rowsOf('score', [[a], [b], [c]]), zeros).p;
    // t = 2 / (1 / √3) with two degrees of freedom.
    expect(p(1, 2, 3)).toBeCloseTo(0.0742, 4);
    expect(p(1.9, 2, 2.1)).toBeLessThan(0.01);
    expect(p(0, 0, 0)).toBe(1);
  });

  it('agrees with its interval on five scenes', () => {
    const scene = fc.array(fc.double({ min: -3, max: 5, noNaN: true }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(scene, { minLength: 2, maxLength: 5 }), (scenes) => {
        const zeros = scenes.map((values) => values.map(() => 0));
        const found = difference(score, rowsOf('score', scenes), rowsOf('score', zeros));
        fc.pre(Math.abs(found.p - 0.05) > 1e-6);
        expect(found.p < 0.05).toBe(found.low > 0 || found.high < 0);
      }),
    );
  });

  it('cannot test what one scene tells', () => {
    const one = difference(share, rowsOf('right', [[1, 1, 1]]), rowsOf('right', [[0, 0, 0]]));
    expect(one).toMatchObject({ value: 1, low: 1, high: 1, p: 1, detectable: Number.NaN });
    expect(difference(score, [], []).p).toBe(1);
    expect(difference(mean, [], []).p).toBe(1);
  });

  it('refuses an item that comes twice', () => {
    const [a, b] = twoSubjects(6, 0);
    expect(() => difference(score, a, [...b, b[0]!])).toThrow(/rows are of \d+ items/);
  });
});
