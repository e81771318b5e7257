import { describe, expect, it } from 'vitest';
import { records } from './lantern-records.test.support.ts';
import { statsOf, statsText } from './scene-stats.ts';

describe('The figures of a scene', () => {
  it('count turns, words, drafts, speed and what was there already', () => {
    const stats = statsOf(records);
    expect(stats).toMatchObject({
      struck: { label: 1 },
      alarms: {},
      reused: 0.9,
      firstTokenMs: 100,
      tokensPerSecond: 40,
      figures: { turns: 2, words: 7, struckShare: 0.5 },
    });
    expect(statsText(stats)).toContain('OLD HUGO: 1 turn, 6 words (86 %)');
  });
});
