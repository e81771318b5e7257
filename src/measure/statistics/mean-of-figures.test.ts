import { describe, expect, it } from 'vitest';
import { meanOfFigures } from './mean-of-figures.ts';

const figure = (value: number, low = value, high = value) => ({ value, low, high });

describe('The mean of figures', () => {
  it('of one is that figure', () => {
    expect(meanOfFigures([figure(0.5, 0.25, 0.875)])).toEqual(figure(0.5, 0.25, 0.875));
  });

  it('of two has a width smaller by the root of two, and a side as long as its parts have', () => {
    const { value, low, high } = meanOfFigures([figure(0.4, 0.3, 0.7), figure(0.6, 0.5, 0.9)]);
    expect(value).toBeCloseTo(0.5);
    expect(low).toBeCloseTo(0.5 - 0.1 / Math.SQRT2);
    expect(high).toBeCloseTo(0.5 + 0.3 / Math.SQRT2);
  });

  it('stays within the ends that its figures stay within', () => {
    const { low, high } = meanOfFigures([figure(0.1, 0, 1), figure(0.05, 0, 1), figure(1, 0.4, 1)]);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
  });

  it('has no interval where a part has none', () => {
    const { value, low, high } = meanOfFigures([figure(0.4, 0.3, 0.5), figure(0.6, Number.NaN)]);
    expect([value, low, high]).toEqual([0.5, Number.NaN, expect.any(Number)]);
    expect(meanOfFigures([]).value).toBeNaN();
  });
});
