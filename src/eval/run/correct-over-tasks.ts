import { holm } from '../../measure/statistics/holm.ts';

/** A difference from another row, with the chance of one as large where there is none. */
interface Tested {
  readonly p: number;
}

interface TestedMetric {
  readonly differences: Readonly<Record<string, Tested>>;
}

/**
 * Corrects the differences of tasks by Holm: for each row over the first metric of all tasks. Other metrics explain the first and
 * keep their own p, and so does a difference whose p is not known.
 */
export function correctOverTasks<
  M extends TestedMetric,
  T extends { readonly metrics: readonly M[] },
>(tasks: readonly T[]): T[] {
  const rows = new Set(tasks.flatMap(({ metrics }) => Object.keys(metrics[0]?.differences ?? {})));
  const adjusted = new Map<Tested, number>();
  for (const row of rows) {
    const family = tasks.flatMap(({ metrics }) => {
      const found = metrics[0]?.differences[row];
      return found && Number.isFinite(found.p) ? [found] : [];
    });
    const ps = holm(family.map(({ p }) => p));
    for (const [i, one] of family.entries()) adjusted.set(one, ps[i]!);
  }
  return tasks.map((task) => ({
    ...task,
    metrics: task.metrics.map((metric) => ({
      ...metric,
      differences: Object.fromEntries(
        Object.entries(metric.differences).map(([row, found]) => [
          row,
          { ...found, pHolm: adjusted.get(found) ?? found.p },
        ]),
      ),
    })),
  }));
}
