import { describe, expect, it } from 'vitest';
import {
  firstState,
  type LookHealth,
  type StepHealth,
  type Stopped,
  watchLook,
  watchStep,
} from './reply-monitor.ts';

const well: StepHealth = { kl: 1.5, entropy: 3, words: 20, distinct2: 0.95, copied: 0.05 };
const lengths = { low: 12, high: 25 };

/** Twelve steps as they should be, then some of another kind. */
function ranFor(change: Partial<StepHealth>, steps = 30) {
  let state = firstState(0.05);
  for (let step = 0; step < steps; step++) {
    const watched = watchStep(state, step < 12 ? well : { ...well, ...change }, lengths);
    state = watched.state;
    if (watched.stopped) return { state, rule: watched.stopped.rule, step };
  }
  return { state, rule: undefined, step: steps };
}

describe('watchStep', () => {
  it.each<[Stopped['rule'], Partial<StepHealth>]>([
    ['kl', { kl: 9 }],
    ['length', { words: 60 }],
    ['length', { words: 6 }],
    ['distinct', { distinct2: 0.7 }],
    ['copied', { copied: 0.6 }],
  ])('stops by the rule "%s" within five steps', (rule, change) => {
    const found = ranFor(change);
    expect(found.rule).toBe(rule);
    expect(found.step).toBeLessThan(12 + 5);
  });

  it('doubles the penalty once where the entropy falls, then stops', () => {
    const found = ranFor({ entropy: 1 });
    expect(found.rule).toBe('entropy');
    expect(found.step).toBeGreaterThan(20);
    expect(found.state.penalty).toBeGreaterThanOrEqual(0.1);
  });

  it('goes on where nothing is wrong, where replies come to be as long as printed ones, and without a figure', () => {
    expect(ranFor({}).rule).toBeUndefined();
    expect(ranFor({ words: 14 }).rule).toBeUndefined();
    expect(ranFor({ distinct2: Number.NaN }).rule).toBeUndefined();
  });

  it('holds the distance by the penalty', () => {
    expect(ranFor({}, 40).state.penalty).toBe(0.05);
    expect(ranFor({ kl: 3 }, 40).state.penalty).toBeGreaterThan(0.05);
    expect(ranFor({ kl: 0.2 }, 40).state.penalty).toBeLessThan(0.05);
  });
});

describe('watchLook', () => {
  const look: LookHealth = {
    ...{ shadow: 0.4, shadowError: 0.02, learned: 0.4, learnedError: 0.02 },
    ...{ prose: 1, own: 2 },
  };
  const rulesOf = (looks: readonly Partial<LookHealth>[]) => {
    let state = firstState(0.05);
    return looks.map((one) => {
      const watched = watchLook(state, { ...look, ...one });
      state = watched.state;
      return watched.stopped?.rule;
    });
  };

  it('stops where what is learned leaves the shadow behind, more and more', () => {
    const grows = [{}, { learned: 0.48 }, { learned: 0.6 }];
    expect(rulesOf(grows)).toEqual([undefined, undefined, 'gap']);
    expect(rulesOf([{}, { learned: 0.5 }, { learned: 0.5, shadow: 0.48 }])[2]).toBeUndefined();
  });

  it('stops where plain prose or own speeches become less likely', () => {
    expect(rulesOf([{}, { prose: 1.005 }, { prose: 1.02 }])).toEqual([
      undefined,
      undefined,
      'prose',
    ]);
    expect(rulesOf([{}, { own: 2.01 }])[1]).toBe('own');
    expect(rulesOf([{ own: Number.NaN }, { own: Number.NaN }])[1]).toBeUndefined();
  });
});
