import { describe, expect, it } from 'vitest';
import { inventResults } from './results.test.support.ts';
import { benchText } from './text.ts';

describe('a run for a terminal', () => {
  it('fits 80 columns and has a line for each task', () => {
    const results = inventResults();
    const lines = benchText(results).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const { task } of results.tasks)
      expect(lines.filter((line) => line.startsWith(`${task} `))).toHaveLength(1);
  });

  it('sets score, interval, base, floor and verdict side by side', () => {
    const text = benchText(inventResults({ skill: 0.5, baseSkill: 0.2 }));
    expect(text).toMatch(/^cue +accuracy +0\.603 +\[0\.529, 0\.677\] +0\.378 +0\.250 better$/m);
  });
});
