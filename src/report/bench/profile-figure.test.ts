import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks } from './profile-figure.ts';

describe('the axis of one figure of the profile', () => {
  it('has round numbers', () => {
    expect(axisTicks(0, 52)).toEqual([0, 20, 40, 60]);
    expect(axisTicks(-3, 11)).toEqual([-5, 0, 5, 10, 15]);
  });

  it('holds what it is made for, in three to eight steps', () => {
    const value = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [least, most] = [Math.min(0, a, b), Math.max(0.001, a, b)];
        const ticks = axisTicks(least, most);
        expect(ticks[0]).toBeLessThanOrEqual(least + 1e-9);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most - 1e-9);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
