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

  it('says how to go on with a run that is stopped, and nothing of one that has not begun or is over', () => {
    const start = { kind: 'start', steps: 3, stepsAnEpoch: 3, warnings: [] } as const;
    using progress = new TrainProgress(false);
    progress.show({ ...start, from: 0 });
    progress.stopped();
    expect(written).toEqual([]);
    progress.show({ ...start, from: 1 });
    progress.show(step(2));
    progress.stopped();
    expect(written.at(-1)).toBe(
      'Stopped after step 2 of 3, which is kept: the same command with --resume goes on.\n',
    );
    using over = new TrainProgress(false);
    over.show({ ...start, from: 3 });
    over.stopped();
    expect(written.at(-1)).not.toMatch(/Stopped/);
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
