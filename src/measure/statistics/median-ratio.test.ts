import { describe, expect, it } from 'vitest';
import { median } from '../../median.ts';
import { medianRatio } from './median-ratio.ts';
import { prng } from './prng.ts';

describe('The ratio of two medians', () => {
  it('has no interval where one of them has two samples', () => {
    expect(medianRatio([4, 6], [1, 2, 3])).toEqual({ ratio: 2.5, interval: null });
    expect(median([])).toBeNaN();
  });

  it('lies in its interval, which is as wide as the samples are spread', () => {
    const width = (spread: number): number => {
      const random = prng(7);
      const around = (centre: number) =>
        Array.from({ length: 15 }, () => centre * (1 + spread * (random() - 0.5)));
      const { ratio, interval } = medianRatio(around(200), around(100));
      const [low, high] = interval!;
      expect(low).toBeLessThanOrEqual(ratio);
      expect(high).toBeGreaterThanOrEqual(ratio);
      return high - low;
    };
    expect(width(0.2)).toBeGreaterThan(5 * width(0.01));
  });

  it('holds the truth in most runs', () => {
    let held = 0;
    for (let run = 0; run < 25; run++) {
      const random = prng(run);
      const about = (centre: number) =>
        Array.from({ length: 12 }, () => centre * Math.exp(0.1 * (random() + random() - 1)));
      const [low, high] = medianRatio(about(3), about(2)).interval!;
      if (low <= 1.5 && high >= 1.5) held++;
    }
    expect(held).toBeGreaterThanOrEqual(21);
  });
});
