import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal95 } from './normal.ts';
import { wilson } from './wilson.ts';

describe('wilson', () => {
  it('is what other programs print', () => {
    // 8 of 10: 0.490 to 0.943.
    const [low, high] = wilson(0.8, 10, normal95);
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(['0.490', '0.943']);
  });

  it('has at its ends the shares from which the one seen is just as far as allowed', () => {
    const seen = fc.record({ n: fc.integer({ min: 1, max: 500 }), right: fc.nat({ max: 500 }) });
    fc.assert(
      fc.property(seen, ({ n, right }) => {
        fc.pre(right > 0 && right < n);
        for (const end of wilson(right / n, n, normal95)) {
          const deviations = (right / n - end) / Math.sqrt((end * (1 - end)) / n);
          expect(Math.abs(deviations)).toBeCloseTo(normal95, 6);
        }
      }),
    );
  });

  it('leaves room below where everything was right', () => {
    const [low, high] = wilson(1, 20, normal95);
    expect(low).toBeCloseTo(20 / (20 + normal95 ** 2), 12);
    expect(high).toBe(1);
  });
});
