import type { Metric } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import { difference } from '../../measure/statistics/difference.ts';
import { estimate } from '../../measure/statistics/estimate.ts';
import type { MetricResult, TaskResult } from '../results.ts';
import type { Usage } from '../subject.ts';
import type { Task } from '../task.ts';
import { subjectRow } from './task-rows.ts';

/**
 * A task's rows as figures: each with its interval, and the subject against each of the others on the same items.
 *
 * `pHolm` is `p` here: the correction is over tasks, which are not known to one another until a run ends.
 */
export function summarise(
  task: Task,
  rows: ReadonlyMap<string, readonly Row[]>,
  usage: Usage,
): TaskResult {
  const metrics = task.metrics.map((metric) => summariseMetric(metric, rows));
  const first = [...rows.values()][0]!;
  return {
    task: task.name,
    version: task.version,
    summary: task.summary,
    items: first.length,
    metrics,
    ...(task.groupOf && { groups: groupsOf(task, rows.get(subjectRow) ?? []) }),
    broken: brokenInvariants(task, rows),
    evaluatedTokens: usage.evaluatedTokens + usage.readTokens,
    scoredTokens: usage.scoredTokens,
    generatedTokens: usage.generatedTokens,
  };
}

function summariseMetric(metric: Metric, rows: ReadonlyMap<string, readonly Row[]>): MetricResult {
  const subject = rows.get(subjectRow);
  const others = [...rows].filter(([name]) => name !== subjectRow);
  return {
    metric: metric.name,
    unit: metric.unit,
    higherIsBetter: metric.higherIsBetter,
    ...(metric.floor !== undefined && { floor: metric.floor }),
    ...(metric.ceiling !== undefined && { ceiling: metric.ceiling }),
    rows: Object.fromEntries([...rows].map(([name, of]) => [name, estimate(metric, of)])),
    differences: subject
      ? Object.fromEntries(
          others.map(([name, of]) => {
            const found = difference(metric, subject, of);
            return [name, { ...found, pHolm: found.p }];
          }),
        )
      : {},
  };
}

function groupsOf(task: Task, rows: readonly Row[]): NonNullable<TaskResult['groups']> {
  const byGroup = new Map<string, Row[]>();
  for (const row of rows) {
    const group = task.groupOf!(row.item);
    byGroup.set(group, [...(byGroup.get(group) ?? []), row]);
  }
  return Object.fromEntries(
    [...byGroup].map(([group, of]) => [
      group,
      Object.fromEntries(task.metrics.map((metric) => [metric.name, estimate(metric, of)])),
    ]),
  );
}

/** Fewer items than this fall in any order by chance. */
const fewItems = 8;

/** Sentences on anchors that did not fall in the order they must on the items that both have, whatever the model. */
function brokenInvariants(
  { invariants, metrics }: Task,
  rows: ReadonlyMap<string, readonly Row[]>,
): string[] {
  const metric = metrics[0]!;
  return invariants.flatMap(([better, worse]) => {
    const [a, b] = [rows.get(better), rows.get(worse)];
    if (!a || !b) return [];
    const [high, low] = [figureOf(metric, sharedWith(b, a)), figureOf(metric, sharedWith(a, b))];
    if (Number.isNaN(high) || Number.isNaN(low)) return [];
    if (Math.min(a.length, b.length) < fewItems) return [];
    if (metric.higherIsBetter === false ? high < low : high > low) return [];
    return [
      `${metric.name} of "${better}" (${high.toFixed(3)}) is not better than of "${worse}" (${low.toFixed(3)})`,
    ];
  });
}

function sharedWith(others: readonly Row[], rows: readonly Row[]): Row[] {
  const ids = new Set(others.map(({ item }) => item.id));
  return rows.filter(({ item }) => ids.has(item.id));
}

function figureOf({ name, of }: Metric, rows: readonly Row[]): number {
  if (of) return of(rows);
  const values = rows.flatMap((row) => row.values[name] ?? []);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
