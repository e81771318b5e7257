import { describe, expect, it } from 'vitest';
import type { MetricResult } from '../../eval/results.ts';
import { inventResults } from './results.test.support.ts';
import { findings, isPastFloor, verdictAgainst, verdictInShort } from './verdict.ts';

const [task] = inventResults().tasks;
const accuracy = task!.metrics[0]!;

/** Results with another difference to the base model. */
function differing(value: number, pHolm: number, change: Partial<MetricResult> = {}): MetricResult {
  const base = { ...accuracy.differences.base!, value, pHolm };
  return { ...accuracy, ...change, differences: { base } };
}

describe('the verdict on a difference', () => {
  it('is better or worse by the direction of the metric', () => {
    expect(verdictAgainst(differing(0.1, 0.01), 'base')).toBe('better');
    expect(verdictAgainst(differing(-0.1, 0.01), 'base')).toBe('worse');
    const lower = { higherIsBetter: false };
    expect(verdictAgainst(differing(-0.1, 0.01, lower), 'base')).toBe('better');
    expect(verdictAgainst(differing(0.1, 0.01, { higherIsBetter: null }), 'base')).toBe(
      'different',
    );
  });

  it('cannot be told at 0.05 and above, however large the difference', () => {
    expect(verdictAgainst(differing(0.9, 0.05), 'base')).toBe('cannot tell');
    expect(verdictInShort(differing(0.9, 0.05))).toBe('cannot tell');
  });

  it('is none against a row that is not there, and then the floor decides', () => {
    expect(verdictAgainst(accuracy, 'nobody')).toBeNull();
    expect(verdictInShort({ ...accuracy, differences: {} })).toBe('past floor');
  });
});

describe('the floor', () => {
  it('is passed by the whole interval or not at all', () => {
    const subject = { ...accuracy.rows.subject!, value: 0.3, low: 0.24, high: 0.36 };
    const near = { ...accuracy, rows: { subject } };
    expect(isPastFloor(near)).toBe(false);
    expect(isPastFloor({ ...near, floor: 0.2 })).toBe(true);
    expect(isPastFloor({ ...near, floor: 0.5, higherIsBetter: false })).toBe(true);
  });

  it('is no question where nothing could be past it', () => {
    const best = { ...accuracy, floor: 0, higherIsBetter: false };
    expect(isPastFloor(best)).toBeNull();
  });
});

describe('findings', () => {
  it('set what is told apart from what is not, each in one sentence', () => {
    const [told, untold, ...more] = findings({ task: task!, metric: accuracy });
    expect(told).toEqual({
      isTold: true,
      text: 'cue, accuracy: 0.565 [0.491, 0.639] is past its floor of 0.250, and is better than the base model by +0.112 [0.038, 0.187], p = 0.011.',
    });
    expect(untold).toEqual({
      isTold: false,
      text: 'cue, accuracy: 0.565 [0.491, 0.639] may be no different from the prompted base model (+0.056 [−0.018, 0.130]; mostly seen from 0.106 on).',
    });
    expect(more).toEqual([]);
  });

  it('are none where only anchors were measured', () => {
    const { subject: _, ...rows } = accuracy.rows;
    expect(findings({ task: task!, metric: { ...accuracy, rows } })).toEqual([]);
  });
});
