import { describe, expect, it } from 'vitest';
import type { Comparison, MetricComparison } from '../../eval/run/compare.ts';
import { comparisonText } from './comparison-text.ts';
import { inventResults } from './results.test.support.ts';

const [task] = inventResults().tasks;
const { rows, differences } = task!.metrics[0]!;
const metric: MetricComparison = {
  metric: 'accuracy',
  unit: 'share',
  higherIsBetter: true,
  first: rows.base!,
  second: rows.subject!,
  difference: differences.base!,
  verdict: 'better',
  items: 142,
  scenes: 12,
  leastP: 2 / 2 ** 12,
};
const comparison: Comparison = {
  tasks: [
    { task: 'cue', version: 1, metrics: [metric] },
    { task: 'next', version: 1, metrics: [{ ...metric, verdict: 'cannot tell' }] },
  ],
  onlyFirst: [],
  onlySecond: ['style'],
};

describe('two runs set against each other', () => {
  const text = comparisonText(comparison);

  it('fit 80 columns, a line for each task that both have', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^cue +accuracy +0\.453 +0\.565 \+0\.112 +\[0\.038, 0\.187\] better$/m);
  });

  it('say what would have been seen where nothing can be told', () => {
    expect(text).toContain('next: 142 items in 12 scenes mostly show a difference from 0.106 on');
    expect(text).not.toContain('cue: 142 items');
  });

  it('claim no difference that a share cannot have', () => {
    const wide = { ...metric.difference, detectable: 2.9 };
    const doubtful = { ...metric, verdict: 'cannot tell' as const, difference: wide };
    const said = comparisonText({
      ...comparison,
      tasks: [{ task: 'cue', version: 1, metrics: [doubtful] }],
    });
    expect(said).toContain('cue: nothing could be seen with 12 scenes');
  });

  it('print no interval and no figure that could be seen where there are two scenes', () => {
    const few = { ...metric, unit: 'nats' as const, verdict: 'cannot tell' as const, scenes: 2 };
    const tasks = [{ task: 'cue', version: 1, metrics: [few] }];
    const said = comparisonText({ ...comparison, tasks });
    expect(said).toMatch(/^cue +accuracy .* – +cannot tell$/m);
    expect(said).toContain('cue: nothing could be seen with 2 scenes');
    expect(said).not.toContain('mostly');
  });

  it('say which tasks only one has', () => {
    expect(text).toContain('Only in the second: style');
    expect(text).not.toContain('Only in the first');
  });

  it('say that so few scenes can tell nothing', () => {
    const few = { ...metric, verdict: 'cannot tell' as const, scenes: 5, leastP: 2 / 2 ** 5 };
    const [, next] = comparison.tasks;
    const doubtful = comparisonText({ ...comparison, tasks: [{ ...next!, metrics: [few] }] });
    expect(doubtful).toContain('With so few scenes no difference can be told');
    expect(text).not.toContain('With so few scenes');
  });
});
