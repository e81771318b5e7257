import { describe, expect, it } from 'vitest';
import { signTest } from './sign-test.ts';

describe('signTest', () => {
  it('is the exact binomial test', () => {
    // Worked out by hand: 2 · (1 + 8) / 2⁸, and 2 / 2⁸.
    expect(signTest(7, 1)).toBeCloseTo(18 / 256, 12);
    expect(signTest(0, 8)).toBeCloseTo(2 / 256, 12);
    expect(signTest(37, 0)).toBeCloseTo(2 / 2 ** 37, 15);
  });

  it('is 1 for as many of either, and for nothing', () => {
    expect(signTest(4, 4)).toBe(1);
    expect(signTest(0, 0)).toBe(1);
  });
});
