import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBfloat, fromHalf, toHalf } from './floats.ts';

const everyHalf = Array.from({ length: 0x7c00 }, (_, bits) => fromHalf(bits)); // not negative, finite

/** Looks at every half there is for the nearest; of two as near, the one whose last bit is 0. */
function nearest(value: number): number {
  let best = 0;
  for (let bits = 1; bits < everyHalf.length; bits++) {
    const gain = Math.abs(everyHalf[best]! - value) - Math.abs(everyHalf[bits]! - value);
    if (gain > 0 || (gain === 0 && bits % 2 === 0)) best = bits;
  }
  return best;
}

describe('half precision', () => {
  it('comes back as it was, all 65,536 of it but NaN', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });

  it('is the nearest to any single', () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 65503, noNaN: true }), (value) => {
        expect(toHalf(value)).toBe(nearest(value));
        if (value > 0) expect(toHalf(-value)).toBe(nearest(value) | 0x8000);
      }),
      { numRuns: 300 },
    );
  });

  it('overflows to infinity and keeps NaN', () => {
    expect(fromHalf(toHalf(65519))).toBe(65504);
    expect(fromHalf(toHalf(65520))).toBe(Number.POSITIVE_INFINITY);
    expect(fromHalf(toHalf(-1e30))).toBe(Number.NEGATIVE_INFINITY);
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
  });
});

describe('bfloat16', () => {
  it('is the upper half of a single', () => {
    expect([0x3f80, 0xc000, 0x7f80].map(fromBfloat)).toEqual([1, -2, Number.POSITIVE_INFINITY]);
  });
});
