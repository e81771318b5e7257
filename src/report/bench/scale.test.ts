import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricResult } from '../../eval/results.ts';
import type { Estimate } from '../../measure/metric.ts';
import { inventRun } from './results.test.support.ts';
import { axisOf, commonTasks, composite, normalised, pointOf, scaleOf } from './scale.ts';

const run = inventRun();
const [cue] = run.results.tasks;
const [accuracy, rank] = cue!.metrics;

const estimate = (value: number, low = value, high = value): Estimate => ({
  ...accuracy!.rows.subject!,
  value,
  low,
  high,
});

describe('the scale of a metric', () => {
  it('goes from its floor to its ceiling', () => {
    expect(scaleOf(accuracy!)).toEqual({ floor: 0.25, ceiling: 1 });
    expect(normalised({ floor: 0.25, ceiling: 1 }, 0.625)).toBe(0.5);
  });

  it('turns round where lower is better, with the interval', () => {
    const point = pointOf({ ...rank!, rows: { subject: estimate(2, 1.5, 4) } }, 'subject');
    expect(point?.value).toBeCloseTo(3.5 / 4.5);
    expect(point?.low).toBeCloseTo(1.5 / 4.5);
    expect(point?.high).toBeCloseTo(4 / 4.5);
  });

  it('takes the rows "empty" and "original" for ends that are not declared', () => {
    const { floor: _, ceiling: __, ...open } = accuracy!;
    expect(scaleOf({ ...open, rows: { empty: estimate(0.2), original: estimate(0.9) } })).toEqual({
      floor: 0.2,
      ceiling: 0.9,
    });
    expect(scaleOf({ ...open, rows: { empty: estimate(0.2) } })).toBeNull();
  });

  it('is none for what is to lie in a band', () => {
    expect(scaleOf({ ...accuracy!, higherIsBetter: null })).toBeNull();
  });

  it('shows floor and ceiling, and cuts what is far out', () => {
    expect(axisOf([0.2, 0.8])).toEqual([-0.05, 1.05]);
    expect(axisOf([-0.3, 1.2])).toEqual([-0.3, 1.2]);
    expect(axisOf([-9, 9])).toEqual([-0.75, 1.5]);
  });
});

describe('the composite', () => {
  it('is over the tasks that all runs have on the scale', () => {
    const fewer = { ...run, results: { ...run.results, tasks: run.results.tasks.slice(0, 4) } };
    expect(commonTasks([run, fewer])).toEqual(['cue', 'voice', 'next']);
    expect(composite(fewer, commonTasks([run]))).toBeNull();
  });

  it('is the mean, and its interval no narrower than that of independent tasks', () => {
    const part = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        const tasks = parts.map(([value, half], i) => {
          const subject = estimate(value, value - half, value + half);
          const metric: MetricResult = { ...accuracy!, floor: 0, ceiling: 1, rows: { subject } };
          return { ...cue!, task: `task ${i}`, metrics: [metric] };
        });
        const made = { ...run, results: { ...run.results, tasks } };
        const found = composite(made, commonTasks([made]))!;
        const mean = parts.reduce((sum, [value]) => sum + value, 0) / parts.length;
        const independent = Math.hypot(...parts.map(([, half]) => half)) / parts.length;
        expect(found.value).toBeCloseTo(mean);
        expect(found.high - found.value).toBeGreaterThanOrEqual(independent - 1e-9);
      }),
    );
  });
});
