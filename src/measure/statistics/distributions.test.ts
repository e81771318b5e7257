import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal95, normalCdf } from './normal.ts';
import { studentCdf, studentQuantile } from './student.ts';

/** The integral of a density by Simpson's rule. */
function integral(density: (x: number) => number, from: number, to: number): number {
  const steps = 20_000;
  const width = (to - from) / steps;
  let sum = density(from) + density(to);
  for (let i = 1; i < steps; i++) sum += density(from + i * width) * (i % 2 ? 4 : 2);
  return (sum * width) / 3;
}

describe('normalCdf', () => {
  it('is the integral of the bell', () => {
    const bell = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    for (const z of [-3, -1, 0, 0.5, 2.5])
      expect(normalCdf(z)).toBeCloseTo(0.5 + integral(bell, 0, z), 10);
    expect(normalCdf(normal95)).toBeCloseTo(0.975, 14);
    expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  });
});

describe('studentQuantile', () => {
  it('is what tables print', () => {
    const at = (freedom: number) => studentQuantile(0.975, freedom);
    expect([1, 2, 6, 19, 120].map(at).map((t) => t.toFixed(3))).toEqual([
      '12.706',
      '4.303',
      '2.447',
      '2.093',
      '1.980',
    ]);
    expect(studentQuantile(0.8, 6)).toBeCloseTo(0.906, 3);
  });

  it('is the inverse of the share below, for any degrees of freedom', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        (share, freedom) => {
          expect(studentCdf(studentQuantile(share, freedom), freedom)).toBeCloseTo(share, 9);
        },
      ),
    );
  });

  it('is symmetric about 0', () => {
    expect(studentQuantile(0.025, 3.5)).toBeCloseTo(-studentQuantile(0.975, 3.5), 12);
  });

  it('agrees with the integral of the density at degrees of freedom that are not whole', () => {
    const freedom = 2.5;
    const shape = (x: number) => (1 + (x * x) / freedom) ** (-(freedom + 1) / 2);
    const half = (t: number) => integral(shape, 0, t);
    // ∫ from 2 to ∞ of the same, with x = 1/u.
    const whole = half(2) + integral((u) => (u ? shape(1 / u) / (u * u) : 0), 0, 0.5);
    expect(studentCdf(2, freedom)).toBeCloseTo(0.5 + half(2) / whole / 2, 7);
  });
});
