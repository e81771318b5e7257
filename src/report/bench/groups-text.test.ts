import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../eval/results.ts';
import type { Estimate } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import { groupsText, wrongText } from './groups-text.ts';

const estimate = (value: number): Estimate => {
  const method = 'Wilson';
  return {
    value,
    low: value - 0.1,
    high: value + 0.1,
    method,
    stderr: 0,
    n: 9,
    nEff: 9,
    clusters: 3,
  };
};
const metric = (name: string, value: number) => ({
  metric: name,
  unit: 'share',
  higherIsBetter: true,
  rows: { subject: estimate(value), nothing: estimate(value - 0.2) },
  differences: {},
});
const result: TaskResult = {
  task: 'know',
  version: 1,
  summary: '',
  items: 9,
  metrics: [metric('right', 0.8), metric('violated', 0.3), metric('hit@3', 0.7)],
  groups: {
    ROLF: { right: estimate(0.6), violated: estimate(0.4) },
    INGE: { right: estimate(Number.NaN), violated: estimate(Number.NaN) },
  },
  broken: [],
  evaluatedTokens: 0,
  scoredTokens: 0,
  generatedTokens: 0,
};

const row = (isRight: boolean, said: string): Row => ({
  item: { id: said, task: 'know', scene: '1.1', place: '1.1' },
  answers: [],
  values: {},
  why: {
    question: 'Who brought the letter?',
    verdict: isRight ? 'right' : 'wrong',
    isRight,
    said,
    right: 'Oswin did.',
    recalled: [],
  },
});

describe('groupsText', () => {
  it('has every figure, the first of each row, and the first two of each group', () => {
    const text = groupsText(result);
    expect(text).toMatch(/^ {2}hit@3 +0\.700 \[0\.600, 0\.800\]$/m);
    expect(text).toMatch(/^ {2}nothing +0\.600 \[0\.500, 0\.700\]$/m);
    expect(text).toMatch(/^ {2}ROLF +0\.600 \[0\.500, 0\.700\] +0\.400 \[0\.300, 0\.500\]$/m);
    expect(text).not.toContain('INGE');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is empty for a task without groups', () => {
    const { groups: _, ...rest } = result;
    expect(groupsText(rest)).toBe('');
  });
});

describe('wrongText', () => {
  it('tells what was asked, said and right of each wrong answer', () => {
    expect(wrongText([row(true, 'Oswin.'), row(false, 'Berta\ndid.')])).toBe(
      'Not right: 1 of 2 answers\n  Who brought the letter? (wrong; right: Oswin did.)\n    Berta did.',
    );
  });

  it('is empty where all are right, and says how many it leaves out', () => {
    expect(wrongText([row(true, 'Oswin.')])).toBe('');
    const many = Array.from({ length: 20 }, (_, i) => row(false, `${i}`));
    expect(wrongText(many)).toContain('and 8 more');
  });
});
