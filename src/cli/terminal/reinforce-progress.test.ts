import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReinforceProgress } from './reinforce-progress.ts';

const step = (number: number) =>
  ({
    kind: 'step',
    step: number,
    epoch: 0,
    reward: 0.5,
    accuracy: 0.5,
    entropy: 0.6,
    rate: 1e-4,
    norm: 1,
    tokens: 100,
    seconds: 10,
  }) as const;

const look = {
  kind: 'look',
  step: 0,
  reward: 0.52,
  accuracy: 0.5,
  accuracyBy: {},
  entropy: 0.6,
  drift: 0.013,
  isBest: false,
} as const;

describe('ReinforceProgress', () => {
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

  it('says the reward of what is learned and of the shadow, and how long is left', () => {
    using progress = new ReinforceProgress(false);
    progress.show({ kind: 'start', steps: 13, stepsAnEpoch: 13, from: 0, warnings: [] });
    progress.show(look);
    for (const number of [1, 2]) {
      vi.advanceTimersByTime(20_000);
      progress.show(step(number));
    }
    progress.show({ kind: 'end', why: 'early', best: { step: 2, reward: 0.5678 } });
    expect(written).toEqual([
      '1/13  reward 0.50  shadow 0.52  drift 0.01  – left\n',
      '2/13  reward 0.50  shadow 0.52  drift 0.01  2 min left\n',
      'Ended early; best at step 2, shadow 0.568\n',
    ]);
  });

  it('says nothing where it is to be quiet', () => {
    using progress = new ReinforceProgress(true);
    progress.show({ kind: 'start', steps: 13, stepsAnEpoch: 13, from: 0, warnings: [] });
    progress.show(step(1));
    progress.show({ kind: 'end', why: 'done', best: undefined });
    expect(written).toEqual([]);
  });
});
