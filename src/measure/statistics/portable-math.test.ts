import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableExp, portableLog } from './portable-math.ts';

const isClose = (one: number, other: number): boolean =>
  Math.abs(one - other) <= 4e-16 * Math.abs(other);

describe('portableExp', () => {
  it('is the exponential to the last bit or two', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) =>
        isClose(portableExp(x), Math.exp(x)),
      ),
    );
  });

  it('is exact where it is known', () => {
    expect([0, -800, 800, Number.NaN].map(portableExp)).toEqual([1, 0, Infinity, Number.NaN]);
  });
});

describe('portableLog', () => {
  it('is the logarithm to the last bit or two', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) =>
        isClose(portableLog(x), Math.log(x)),
      ),
    );
  });

  it('is exact where it is known', () => {
    expect([1, 0, Infinity, -1, Number.NaN].map(portableLog)).toEqual([
      0,
      -Infinity,
      Infinity,
      Number.NaN,
      Number.NaN,
    ]);
  });
});
