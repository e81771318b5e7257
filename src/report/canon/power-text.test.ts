import { describe, expect, it } from 'vitest';
import { powerOf } from '../../measure/statistics/power.ts';
import type { PlannedTask } from '../../workspace/plan-power.ts';
import { powerText } from './power-text.ts';

const spread = { sd: 0.4, scene: 0.07, play: 0.004, isMeasured: true };
const planned = (plays: readonly (readonly number[])[]): PlannedTask => ({
  ...{ task: 'who', metric: 'accuracy', unit: 'share', floor: 0.5, ceiling: 1, spread },
  ...powerOf(plays, spread, 0.9),
});
const scenes = (count: number): number[] => new Array<number>(count).fill(20);

describe('powerText', () => {
  it('says from which figure on a run would tell, within 80 columns', () => {
    const text = powerText([planned(Array.from({ length: 8 }, () => scenes(15)))]);
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(text).toMatch(/^who +2400 +120 +8 +\d+ +0\.0\d+ +0\.0\d+ +0\.0\d+$/m);
    expect(text.replace(/\s+/g, ' ')).toMatch(
      /who, 8 plays: accuracy of 0\.5\d+ or more is mostly/,
    );
  });

  it('says plainly that nothing could be seen, with what to do', () => {
    for (const plays of [[scenes(2)], [scenes(1)], [[1, 1, 1]], [scenes(9), scenes(9)]]) {
      const text = powerText([planned(plays)]);
      expect(text).toMatch(/who: nothing could be seen with \d (scenes?|plays)\. Ask/);
      expect(text).toMatch(/ – +–$/m);
    }
  });

  it('names what has nothing to ask', () => {
    expect(powerText([planned([])])).toContain('Nothing to ask there: who.');
  });
});
