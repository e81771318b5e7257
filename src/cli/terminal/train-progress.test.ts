import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TrainProgress } from './train-progress.ts';

const step = (number: number) =>
  ({
    kind: 'step',
    step: number,
    epoch: 0,
    loss: 3,
    rate: 1e-3,
    norm: 1,
    tokens: 100,
    learned: 50,
    seconds: 10,
  }) as const;

describe('TrainProgress', () => {
  let written: string[] = [];
  beforeEach(() => {
    written = [];
    vi.stubEnv('CI', '');
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('says how long is left once two steps have shown it, and a dash before', () => {
    using progress = new TrainProgress(false);
    progress.show({ kind: 'start', steps: 13, stepsAnEpoch: 13, from: 0, warnings: [] });
    for (const number of [1, 2]) {
      vi.advanceTimersByTime(20_000);
      progress.show(step(number));
    }
    expect(written).toEqual([
      '1/13  loss 3.000  dev –  – tok/s  – left\n',
      '2/13  loss 3.000  dev –  10 tok/s  2 min left\n',
    ]);
  });
});
