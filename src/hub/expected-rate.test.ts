import { describe, expect, it } from 'vitest';
import type { MeasuredRate } from '../store/settings.ts';
import { expectedRate } from './expected-rate.ts';

const rate = (file: string, bytes: number, tokensPerSecond: number): MeasuredRate => ({
  what: 'generation',
  file,
  bytes,
  tokensPerSecond,
  processor: 'Quick',
  kernels: 'CPU, 2 threads',
  date: '2026-01-01T00:00:00.000Z',
});
const small = rate('small.gguf', 100e6, 80);
const middle = rate('middle.gguf', 500e6, 20);
const large = { file: 'large.gguf', bytes: 1000e6 };

describe('expectedRate', () => {
  it('is what was measured with this very model, the best of several', () => {
    const own = [rate('large.gguf', 990e6, 9), rate('large.gguf', 990e6, 30)];
    expect(expectedRate(large, [small, ...own], 'Quick')).toMatchObject({
      tokensPerSecond: 30,
      estimatedFrom: undefined,
    });
  });

  it('is estimated by bytes from the model nearest in size where there is none', () => {
    const { tokensPerSecond, estimatedFrom } = expectedRate(large, [small, middle], 'Quick')!;
    expect(estimatedFrom).toBe('middle.gguf');
    expect(tokensPerSecond).toBeGreaterThan(10); // half the speed or somewhat more
    expect(tokensPerSecond).toBeLessThan(14);
  });

  it('is unknown where only other work was measured, or another processor', () => {
    expect(expectedRate(large, [], 'Quick')).toBeUndefined();
    expect(expectedRate(large, [{ ...small, what: 'reading' }], 'Quick')).toBeUndefined();
    expect(expectedRate(large, [small], 'Slow')).toBeUndefined();
  });
});
