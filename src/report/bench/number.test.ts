import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricResult, Results } from '../../eval/results.ts';
import type { Estimate } from '../../measure/metric.ts';
import { missing, shown, shownEstimate, shownInterval, shownP, shownSigned } from './number.ts';
import { benchReport } from './report.ts';
import { inventRun } from './results.test.support.ts';
import { benchText } from './text.ts';

describe('a figure in print', () => {
  it('has the digits of its unit, a true minus, and no minus before nothing', () => {
    expect(shown(0.5324, 'share')).toBe('0.532');
    expect(shown(-12.34, 'words')).toBe('−12.3');
    expect(shown(-0.0001, 'nats')).toBe('0.000');
    expect(shownSigned(0.08, 'share')).toBe('+0.080');
    expect(shownSigned(-0.08, 'share')).toBe('−0.080');
    expect(shownP(0.0002)).toBe('< 0.001');
    expect(shownInterval({ low: -0.1, high: 0.2 }, 'nats')).toBe('[−0.100, 0.200]');
  });

  it('has no interval where a single scene gives it no width, but the number of items', () => {
    const alone = { value: 0.2, low: 0.2, high: 0.2, n: 2 } as Estimate;
    expect(shownInterval(alone, 'share')).toBe('');
    expect(shownEstimate(alone, 'share')).toBe('0.200 – (n 2)');
    expect(shownEstimate({ ...alone, high: 0.4 }, 'share')).toBe('0.200 [0.200, 0.400]');
  });

  it('has no interval from one or two scenes, however wide', () => {
    const few = { value: 0.5, low: 0, high: 1, n: 9, clusters: 2 } as Estimate;
    expect(shownEstimate(few, 'share')).toBe('0.500 – (n 9)');
    expect(shownEstimate({ ...few, clusters: 3 }, 'share')).toBe('0.500 [0.000, 1.000]');
  });

  it('is a dash if it could not be told', () => {
    for (const value of [Number.NaN, null, undefined, Number.POSITIVE_INFINITY]) {
      expect(shown(value, 'share')).toBe(missing);
      expect(shownSigned(value, 'share')).toBe(missing);
      expect(shownP(value)).toBe(missing);
    }
  });

  it('never shows as NaN, null or undefined, whichever figures are missing', () => {
    const bad = fc.constantFrom(Number.NaN, null as unknown as number);
    fc.assert(
      fc.property(fc.infiniteStream(fc.option(bad, { nil: 0.5, freq: 3 })), (holes) => {
        const run = inventRun();
        const results = spoil(run.results, () => holes.next().value!);
        const report = benchReport([{ ...run, results }, inventRun({ split: 'train' })]);
        const texts = [report.html, report.csv, ...report.figures.map(({ svg }) => svg)];
        for (const text of [...texts, benchText(results)])
          expect(text.match(/.{0,40}(\bNaN\b|\bnull\b|\bundefined\b|Infinity).{0,40}/)).toBeNull();
        expect(report.html).toContain(missing);
      }),
      { numRuns: 20 },
    );
  });
});

/** The results with what `next` gives in place of every figure of every estimate. */
function spoil(results: Results, next: () => number): Results {
  const each = <T>(rows: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(rows).map(([row, cells]) => [
        row,
        Object.fromEntries(
          Object.entries(cells as object).map(([name, value]) => [
            name,
            typeof value === 'number' ? next() : value,
          ]),
        ) as T,
      ]),
    );
  const metric = (given: MetricResult): MetricResult => ({
    ...given,
    rows: each(given.rows),
    differences: each(given.differences),
  });
  return {
    ...results,
    exposure: each(results.exposure),
    tasks: results.tasks.map((task) => ({ ...task, metrics: task.metrics.map(metric) })),
  };
}
