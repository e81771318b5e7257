import { describe, expect, it } from 'vitest';
import { studentMean, studentP } from './student-mean.ts';

describe('studentMean', () => {
  it('gives the interval of the textbooks: five values, 2.776 errors', () => {
    const { value, low, high, n } = studentMean([1, 2, 3, 4, 5]);
    const reach = 2.776445 * Math.sqrt(2.5 / 5);
    expect([value, n]).toEqual([3, 5]);
    expect([low, high].map((end) => end.toFixed(4))).toEqual(
      [3 - reach, 3 + reach].map((end) => end.toFixed(4)),
    );
  });

  it('has no width for a single value or for values alike, and is no number for none', () => {
    expect(studentMean([2])).toEqual({ value: 2, low: 2, high: 2, n: 1 });
    expect(studentMean([2, 2, 2])).toEqual({ value: 2, low: 2, high: 2, n: 3 });
    expect(studentMean([])).toMatchObject({ value: Number.NaN, n: 0 });
  });
});

describe('studentP', () => {
  it('is .05 where the interval ends at 0, and the same on both sides', () => {
    const { low } = studentMean([1, 2, 3, 4, 5]);
    const moved = [1, 2, 3, 4, 5].map((value) => value - low);
    expect(studentP(moved)).toBeCloseTo(0.05, 6);
    expect(studentP(moved.map((value) => -value))).toBeCloseTo(0.05, 6);
  });

  it('tells nothing from one value or from zeros, and all from values alike', () => {
    expect([studentP([3]), studentP([0, 0, 0]), studentP([2, 2, 2])]).toEqual([1, 1, 0]);
  });
});
