import { DramatisError } from '../../errors.ts';
import type { Difference, Estimate, Metric } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import { difference } from '../../measure/statistics/difference.ts';
import { estimate } from '../../measure/statistics/estimate.ts';
import { holm } from '../../measure/statistics/holm.ts';
import { leastP } from '../../measure/statistics/scene-swap.ts';
import type { Results } from '../results.ts';
import type { Task } from '../task.ts';

/** Results with the subject's row for each item, by task. */
export interface ComparableRun {
  readonly results: Results;
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

export type ComparisonVerdict = 'better' | 'worse' | 'different' | 'cannot tell';

export interface MetricComparison {
  readonly metric: string;
  readonly unit: Metric['unit'];
  readonly higherIsBetter: boolean | null;
  readonly first: Estimate;
  readonly second: Estimate;
  /** The second less the first, on the items that both have. */
  readonly difference: Difference;
  /** How the second compares with the first; 'different' if neither more nor less is better. */
  readonly verdict: ComparisonVerdict;
  /** Items that both have, and their scenes. */
  readonly items: number;
  readonly scenes: number;
  /** The least p that so many scenes can give, before Holm: 1/64 with 7. */
  readonly leastP: number;
}

interface TaskComparison {
  readonly task: string;
  readonly version: number;
  /** Metrics in the task's order: the one that counts first. */
  readonly metrics: readonly MetricComparison[];
}

export interface Comparison {
  readonly tasks: readonly TaskComparison[];
  /** Tasks that only one of the two was asked. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

/** A difference counts as seen below this chance of finding it where there is none, after Holm over the tasks. */
export const significance = 0.05;

/**
 * Sets a second run against a first, item by item, from their rows.
 *
 * Holm's correction is over the tasks' first metrics, as in a run's own results; the other metrics explain the first
 * and keep their own p.
 *
 * @param tasks Those that this program has: statistics that are no mean are worked out from the rows anew.
 * @throws {DramatisError} RESULTS_MISMATCH if the two were not asked the same: another edition of the play, other
 *         parts, another version of the format or of a task, or not one item in common.
 */
export function compareRuns(
  first: ComparableRun,
  second: ComparableRun,
  tasks: readonly Task[],
): Comparison {
  requireSamePlay(first.results, second.results);
  const versions = (run: ComparableRun) =>
    new Map(run.results.tasks.map(({ task, version }) => [task, version]));
  const [inFirst, inSecond] = [versions(first), versions(second)];
  const shared = [...inFirst.keys()].filter((task) => inSecond.has(task));
  const compared = shared.map((name) => {
    const task = tasks.find((other) => other.name === name);
    requireSameTask(name, inFirst.get(name)!, inSecond.get(name)!, task?.version);
    return compareTask(task!, first.rows[name] ?? [], second.rows[name] ?? []);
  });
  if (compared.every(({ metrics }) => metrics.every(({ items }) => items === 0)))
    throw mismatch(
      `the results have no item in common: ${asked(first.results)} and ${asked(second.results)}`,
    );
  return {
    tasks: overTasks(compared),
    onlyFirst: [...inFirst.keys()].filter((task) => !inSecond.has(task)),
    onlySecond: [...inSecond.keys()].filter((task) => !inFirst.has(task)),
  };
}

function compareTask(task: Task, first: readonly Row[], second: readonly Row[]): TaskComparison {
  const metrics = task.metrics.map((metric): MetricComparison => {
    const { n, clusters, ...single } = difference(metric, second, first);
    return judged({
      metric: metric.name,
      unit: metric.unit,
      higherIsBetter: metric.higherIsBetter,
      first: estimate(metric, first),
      second: estimate(metric, second),
      difference: { ...single, pHolm: single.p },
      verdict: 'cannot tell',
      items: n,
      scenes: clusters,
      leastP: leastP(clusters),
    });
  });
  return { task: task.name, version: task.version, metrics };
}

/** With `pHolm` of each task's first metric over all tasks. Those that no item tells anything of are no tests. */
function overTasks(tasks: readonly TaskComparison[]): TaskComparison[] {
  const family = tasks.flatMap(({ metrics }) =>
    metrics.slice(0, 1).filter(({ difference: { value } }) => Number.isFinite(value)),
  );
  const adjusted = holm(family.map(({ difference: { p } }) => p));
  return tasks.map((task) => ({
    ...task,
    metrics: task.metrics.map((metric) => {
      const pHolm = adjusted[family.indexOf(metric)] ?? metric.difference.p;
      return judged({ ...metric, difference: { ...metric.difference, pHolm } });
    }),
  }));
}

function judged(metric: MetricComparison): MetricComparison {
  return { ...metric, verdict: verdictOf(metric.difference, metric.higherIsBetter) };
}

function verdictOf(
  { value, pHolm }: Difference,
  higherIsBetter: boolean | null,
): ComparisonVerdict {
  if (!(pHolm < significance)) return 'cannot tell';
  if (higherIsBetter === null) return 'different';
  return value > 0 === higherIsBetter ? 'better' : 'worse';
}

function requireSamePlay(first: Results, second: Results): void {
  if (first.formatVersion !== second.formatVersion)
    throw mismatch(
      `the results are of versions ${first.formatVersion} and ${second.formatVersion} of the format`,
    );
  if (first.play.sha256 !== second.play.sha256)
    throw mismatch(
      `the results are of different texts: ${first.play.id} with sha256 ${first.play.sha256}, and ${second.play.id} with sha256 ${second.play.sha256}`,
    );
  if (first.splitSha256 !== second.splitSha256)
    throw mismatch(
      `the play was divided in different ways: sha256 ${first.splitSha256} and ${second.splitSha256}`,
    );
}

/** @param own Version of the task in this program, if it has it. */
function requireSameTask(
  task: string,
  first: number,
  second: number,
  own: number | undefined,
): void {
  if (first !== second)
    throw mismatch(`the results are of versions ${first} and ${second} of the task ${task}`);
  if (own !== first)
    throw mismatch(
      `the results are of version ${first} of the task ${task}, and this program has ${own === undefined ? 'no such task' : `version ${own}`}`,
    );
}

/** What a run was asked, in short. */
function asked({ play, split, character, tasks }: Results): string {
  const names = tasks.map(({ task }) => task).join(', ');
  return `${play.id}, ${split}, ${character ?? 'everybody'} (${names})`;
}

function mismatch(message: string): DramatisError {
  return new DramatisError('RESULTS_MISMATCH', message);
}
