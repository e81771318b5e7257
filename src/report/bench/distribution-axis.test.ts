import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionAxis } from './distribution-axis.ts';

describe('the axis of a distribution', () => {
  it('is logarithmic for words, from none to the next round number', () => {
    expect(distributionAxis('words', 3, 190).ticks).toEqual([0, 1, 2, 5, 10, 20, 50, 100, 200]);
    expect(distributionAxis('words', 0, 0).ticks).toEqual([0, 1]);
  });

  it('is even for everything else, from 0', () => {
    const { ticks, toShare } = distributionAxis('share', 0.4, 0.55);
    expect(ticks[0]).toBe(0);
    expect(toShare(0.3)).toBeCloseTo((toShare(0.2) + toShare(0.4)) / 2);
  });

  it('keeps values in order and in the frame', () => {
    // Results have six decimals.
    const value = fc.integer({ min: -50e6, max: 5000e6 }).map((millionths) => millionths / 1e6);
    fc.assert(
      fc.property(value, value, fc.constantFrom('words', 'share'), (a, b, unit) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const { toShare } = distributionAxis(unit, least, most);
        expect(toShare(least)).toBeGreaterThanOrEqual(-1e-9);
        expect(toShare(most)).toBeLessThanOrEqual(1 + 1e-9);
        expect(toShare(most)).toBeGreaterThanOrEqual(toShare(least));
      }),
    );
  });
});
