import { describe, expect, it } from 'vitest';
import type { StepKernels } from '../store/settings.ts';
import { kernelsFinding } from './kernels-finding.ts';

const compared = 'avx512vnni 1, ggml 0.15.3';
const measured = (own: boolean, ...times: number[]): StepKernels => ({
  own,
  gains: times.map((one, i) => ({ columns: 4 ** i, times: one })),
  compared,
  date: '2026-01-01T00:00:00.000Z',
});

describe('what the doctor says of the kernels of steps', () => {
  it('is whose compute what, and how much faster ours are', () => {
    const { what } = kernelsFinding({
      compared,
      forced: null,
      measured: { Q4_K: measured(true, 1.5, 1.4), Q8_0: measured(false, 0.8, 1.1) },
    });
    expect(what).toBe(
      "our own for Q4_K (1.5 × as fast at 1, 1.4 at 4 together); ggml's for Q8_0 (0.8 × as fast at 1, 1.1 at 4 together)",
    );
  });

  it('is a note where the environment takes the choice', () => {
    const forced = kernelsFinding({ compared, forced: 'ggml', measured: {} });
    expect(forced).toEqual({
      state: 'note',
      about: 'kernels',
      what: 'ggml\'s, since DRAMATIS_KERNELS is "ggml"',
    });
  });

  it('says that nothing was measured, or that there is nothing to measure', () => {
    const what = (of: string) => kernelsFinding({ compared: of, forced: null, measured: {} }).what;
    expect(what(compared)).toMatch(/measured when a model is opened/);
    expect(what('')).toMatch(/none of our own/);
  });
});
