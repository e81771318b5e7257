import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panelsOf, quantileOf, stepsOf } from './distribution.ts';
import { inventRun } from './results.test.support.ts';
import { type BenchRun, markRuns } from './run.ts';

const someValues = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 })
  .map((values) => values.sort((a, b) => a - b));

/** What share of the values is not greater, counted one by one. */
const shareUpTo = (values: readonly number[], limit: number): number =>
  values.filter((value) => value <= limit).length / values.length;

describe('a quantile', () => {
  it('is the least of the values that so many do not exceed', () => {
    fc.assert(
      fc.property(someValues, fc.constantFrom(0.1, 0.25, 0.5, 0.75, 0.9, 1), (values, share) => {
        const slow = values.find((value) => shareUpTo(values, value) >= share);
        expect(quantileOf(values, share)).toBe(slow);
      }),
    );
  });

  it('is the least value of all for 0, and does not jump where a share is a whole number of values', () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([0, 0.1, 0.3, 0.9, 1].map((share) => quantileOf(ten, share))).toEqual([1, 1, 3, 9, 10]);
  });
});

describe('the steps of a distribution', () => {
  it('stand over each value as high as the share that is not greater, once', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const [first, ...steps] = stepsOf(values);
        expect(first).toEqual({ value: values[0], share: 0 });
        expect(steps.map(({ value }) => value)).toEqual([...new Set(values)]);
        for (const { value, share } of steps) expect(share).toBeCloseTo(shareUpTo(values, value));
        expect(steps.at(-1)!.share).toBe(1);
      }),
    );
  });
});

describe('the lines of a metric', () => {
  const namesIn = (runs: readonly BenchRun[]) =>
    panelsOf(markRuns(runs)).map(({ task, lines }) => [task, lines.map(({ name }) => name)]);

  it('are the original, then the run and what its model was before', () => {
    expect(namesIn([inventRun()])).toEqual([
      ['style', ['original', 'A', 'A base']],
      ['duet', ['original']],
    ]);
  });

  it('are of several runs the runs alone, and one original if it is the same', () => {
    const runs = [inventRun(), inventRun({ skill: 0.9 })];
    expect(namesIn(runs)[0]).toEqual(['style', ['original', 'A', 'B']]);
  });

  it('say whose original it is where there are two', () => {
    const [first, second] = [inventRun(), inventRun({ split: 'train' })];
    const distributions = second.results.distributions!.map((one) => ({
      ...one,
      rows: { ...one.rows, original: one.rows.original!.slice(1) },
    }));
    const other = { ...second, results: { ...second.results, distributions } };
    expect(namesIn([first, other, first])).toEqual([
      ['style', ['original A, C', 'original B', 'A', 'B', 'C']],
      ['duet', ['original A, C', 'original B']],
    ]);
  });

  it('are none of results that were written before there were distributions', () => {
    const run = inventRun();
    const { distributions: _, ...older } = run.results;
    expect(namesIn([{ ...run, results: older }])).toEqual([]);
    expect(namesIn([{ ...run, results: older }, run])[0]).toEqual(['style', ['original', 'B']]);
  });
});
