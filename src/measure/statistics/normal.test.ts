import { describe, expect, it } from 'vitest';
import { normal95, normalCdf, normalQuantile } from './normal.ts';

describe('normalQuantile', () => {
  it('undoes normalCdf', () => {
    for (const z of [-4, -1.3, 0, 0.5, 3]) expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 9);
    expect(normalQuantile(0.975)).toBeCloseTo(normal95, 9);
  });

  it('has no end at 0 and 1', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect(normalQuantile(Number.NaN)).toBeNaN();
  });
});
