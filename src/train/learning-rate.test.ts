import { describe, expect, it } from 'vitest';
import { rateAt } from './learning-rate.ts';

describe('The learning rate', () => {
  const recipe = { rate: 0.01, warmUp: 0.1 };
  const rates = Array.from({ length: 100 }, (_, i) => rateAt(i + 1, 100, recipe));

  it('rises to its highest, then falls to nothing', () => {
    expect(rates[0]).toBeCloseTo(0.001);
    expect(rates[9]).toBeCloseTo(0.01);
    expect(rates[54]).toBeCloseTo(0.005);
    expect(rates[99]).toBeCloseTo(0);
    for (let i = 10; i < 100; i++) expect(rates[i]).toBeLessThan(rates[i - 1]!);
  });

  it('is at its highest at once without a warm-up, also for one step', () => {
    expect(rateAt(1, 1, { rate: 0.01, warmUp: 1 })).toBeCloseTo(0.01);
    expect(rateAt(1, 10, { rate: 0.01, warmUp: 0 })).toBeGreaterThan(0.009);
  });
});
