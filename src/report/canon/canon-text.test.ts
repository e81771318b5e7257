import { describe, expect, it } from 'vitest';
import type { CanonResults } from '../../eval/canon/canon-results.ts';
import type { PlaysDifference, PlaysEstimate } from '../../measure/statistics/over-plays.ts';
import { canonText } from './canon-text.ts';

const estimate = (value: number, half: number, plays = 8): PlaysEstimate => ({
  ...{ value, low: value - half, high: value + half, stderr: half / 2, plays, scenes: 90, n: 900 },
  byPlay: Object.fromEntries(Array.from({ length: plays }, (_, i) => [`play-${i}`, value])),
});
const difference = (value: number, half: number, pHolm: number): PlaysDifference => ({
  ...estimate(value, half),
  ...{ above: 8, below: 0, p: pHolm, pHolm, detectable: 0.02 },
});

function resultsOf(more: PlaysDifference, plays = 8): CanonResults {
  const subject = { model: 'tiny', adapter: null } as CanonResults['subject'];
  const metric = {
    ...{ metric: 'accuracy', unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1 },
    rows: { subject: estimate(0.58, 0.03, plays), base: estimate(0.52, 0.03, plays) },
    differences: { base: more },
    pastFloor: { above: 8, below: 0, p: 0.008 },
  };
  const task = { task: 'who', version: 1, summary: '', items: 900, metrics: [metric], broken: [] };
  return {
    ...{ format: 'dramatis-canon', formatVersion: 1, split: 'all', limit: 100, seed: 0, subject },
    machine: { cpu: '', cores: 2, threads: 'auto', backends: '' },
    versions: { dramatis: '0', commit: '', node: '' },
    plays: Array.from({ length: plays }, (_, i) => ({
      ...{ id: `play-${i}`, title: `Play ${i}`, sha256: '', splitSha256: '' },
    })),
    tasks: [task],
  };
}

describe('canonText', () => {
  it('says what the plays agree on, within 80 columns', () => {
    const text = canonText(resultsOf(difference(0.06, 0.02, 0.008)));
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(text).toContain('tiny on 8 plays, all scenes; means over plays');
    expect(text).toMatch(/who +accuracy +0\.580 +\[0\.550, 0\.610\] +0\.520 +0\.500 better/);
    expect(text.replace(/\s+/g, ' ')).toContain('above it in 8 of 8 plays (p 0.008; seen mostly');
    expect(text).toMatch(/^play-3 +0\.580 +0\.520$/m);
    expect(text).toContain('At most 100 items');
  });

  it('cannot tell where the interval or the signs say no', () => {
    expect(canonText(resultsOf(difference(0.01, 0.02, 0.008)))).toContain('cannot tell');
    expect(canonText(resultsOf(difference(0.06, 0.02, 0.29)))).toContain('cannot tell');
  });

  it('prints no interval for two plays', () => {
    const two = { ...difference(0.06, Number.NaN, 0.5), detectable: Number.NaN };
    const results = resultsOf(two, 2);
    const { rows } = results.tasks[0]!.metrics[0]!;
    Object.assign(rows.subject!, { low: null, high: null });
    const text = canonText(results);
    expect(text).toMatch(/0\.580 +– /);
    expect(text).toContain('Fewer than three plays: no interval');
  });
});
