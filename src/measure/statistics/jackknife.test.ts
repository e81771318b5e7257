import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freedomOf,
  independentStderr,
  leaveOneOut,
  meanLeaveOneOut,
  minus,
  partsOf,
  stderrOf,
} from './jackknife.ts';
import { correlated, normal } from './metric.test.support.ts';
import { prng } from './prng.ts';

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const groups = fc.array(
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 8 }),
  { minLength: 2, maxLength: 8 },
);

describe('a figure with each scene left out', () => {
  it('comes the same way from sums as from asking for the mean again and again', () => {
    fc.assert(
      fc.property(groups, (scenes) => {
        const fast = meanLeaveOneOut(scenes);
        const slow = leaveOneOut(scenes, mean);
        expect(fast.value).toBeCloseTo(slow.value, 9);
        for (const [g, value] of fast.without.entries())
          expect(value).toBeCloseTo(slow.without[g]!, 9);
      }),
    );
  });

  it('tells what each scene adds to a mean: its sum over n', () => {
    fc.assert(
      fc.property(groups, (scenes) => {
        const n = scenes.flat().length;
        for (const [g, part] of partsOf(meanLeaveOneOut(scenes)).entries())
          expect(part).toBeCloseTo((mean(scenes[g]!) * scenes[g]!.length) / n, 9);
      }),
    );
  });

  it('tells what each scene adds to a sum over a sum that it has the weights of', () => {
    const pairs = fc.array(
      fc.array(
        fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.integer({ min: 1, max: 99 })),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
      { minLength: 2, maxLength: 8 },
    );
    const sum = (rows: readonly (readonly [number, number])[], at: 0 | 1) =>
      rows.reduce((all, row) => all + row[at], 0);
    fc.assert(
      fc.property(pairs, (scenes) => {
        const all = sum(scenes.flat(), 1);
        const figure = leaveOneOut(
          scenes,
          (rows) => sum(rows, 0) / sum(rows, 1),
          ([, weight]) => weight,
        );
        for (const [g, part] of partsOf(figure).entries())
          expect(part).toBeCloseTo(sum(scenes[g]!, 0) / all, 9);
      }),
    );
  });

  it('has for two subjects the difference of what it has for each', () => {
    const [a, b] = [
      [[1, 2], [3]],
      [[0, 5], [1]],
    ];
    const pairs = a.map((scene, g) => scene.map((value, i) => value - b[g]![i]!));
    const direct = meanLeaveOneOut(pairs);
    const both = minus(meanLeaveOneOut(a), meanLeaveOneOut(b));
    expect(both.value).toBeCloseTo(direct.value, 12);
    expect([...both.without]).toEqual([...direct.without]);
  });
});

describe('stderrOf', () => {
  it('is the textbook error of a mean where each scene has one item', () => {
    const values = [1, 4, 2, 8, 5];
    const variance = values.reduce((sum, v) => sum + (v - 4) ** 2, 0) / 4;
    expect(stderrOf(meanLeaveOneOut(values.map((v) => [v])))).toBeCloseTo(
      Math.sqrt(variance / 5),
      12,
    );
  });

  it('grows where the items of a scene say the same', () => {
    const alone = stderrOf(meanLeaveOneOut([0, 1, 0, 1, 1, 0].map((v) => [v])));
    const alike = stderrOf(meanLeaveOneOut([0, 1, 0, 1, 1, 0].map((v) => [v, v, v, v])));
    expect(alike).toBeCloseTo(alone, 12);
  });

  it('cannot be told from one scene, or where all hangs on one', () => {
    expect(stderrOf(meanLeaveOneOut([[1, 2, 3]]))).toBeNaN();
    const hanging = (rows: readonly number[]) => (rows.includes(7) ? 1 : Number.NaN);
    expect(stderrOf(leaveOneOut([[7], [1], [2]], hanging))).toBeNaN();
  });
});

describe('freedomOf', () => {
  it('is one less than the scenes where they are of one size', () => {
    expect(freedomOf(Float64Array.from([5, 5, 5, 5]))).toBeCloseTo(3, 9);
    expect(freedomOf(new Float64Array(30).fill(1))).toBeCloseTo(29, 9);
  });

  it('falls as one scene outgrows the others', () => {
    const of = (size: number) => freedomOf(Float64Array.from([size, 5, 5, 5, 5, 5]));
    expect(of(10)).toBeLessThan(of(5));
    expect(of(40)).toBeLessThan(of(10));
    expect(of(40)).toBeGreaterThan(1);
  });

  it('says how much the standard error itself wavers', () => {
    const random = prng(4);
    const sizes = [40, 5, 10, 20, 8, 12, 30];
    const squares = Array.from({ length: 4000 }, () => {
      const scenes = correlated(sizes, 0, () => normal(random));
      return stderrOf(meanLeaveOneOut(scenes)) ** 2;
    });
    // A sample variance with f degrees of freedom has 2 / f of its squared mean as its variance.
    const centre = mean(squares);
    const wavering = mean(squares.map((s) => (s - centre) ** 2)) / centre ** 2;
    const ratio = 2 / wavering / freedomOf(Float64Array.from(sizes));
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });
});

describe('independentStderr', () => {
  it('is the textbook error of a mean, however the items stand in scenes', () => {
    const random = prng(2);
    const values = Array.from({ length: 800 }, () => normal(random));
    const textbook = Math.sqrt(1 / 800);
    expect(independentStderr(values, mean) / textbook).toBeGreaterThan(0.75);
    expect(independentStderr(values, mean) / textbook).toBeLessThan(1.25);
  });
});
