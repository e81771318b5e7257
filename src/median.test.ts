import { describe, expect, it } from 'vitest';
import { median, upperMedian } from './median.ts';

describe('The middle of some values', () => {
  it('is one of them or between two, whatever their order, and leaves them in theirs', () => {
    const values = [9, 1, 5];
    expect(median(values)).toBe(5);
    expect(values).toEqual([9, 1, 5]);
    expect(median([4, 1, 10, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('is the higher of two where it must be one of them', () => {
    expect(upperMedian([4, 1, 10, 2])).toBe(4);
    expect(upperMedian([3])).toBe(3);
    expect(upperMedian([])).toBeUndefined();
  });
});
