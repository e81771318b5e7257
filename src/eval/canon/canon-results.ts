import type { Metric } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import {
  differenceOverPlays,
  overPlays,
  type PlayRows,
  type PlaysDifference,
  type PlaysEstimate,
  signsOf,
} from '../../measure/statistics/over-plays.ts';
import type { Results } from '../results.ts';
import { correctOverTasks } from '../run/correct-over-tasks.ts';
import type { Measured } from '../run/evaluate.ts';
import { subjectRow } from '../run/task-rows.ts';
import type { Task } from '../task.ts';

/** How a figure stands to its floor, by the plays' signs. */
interface PastFloor {
  readonly above: number;
  readonly below: number;
  /** Two-sided. */
  readonly p: number;
}

export interface CanonMetric {
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean | null;
  readonly floor?: number;
  readonly ceiling?: number;
  /** By row: "subject" first, then what it is compared with, then the anchors. */
  readonly rows: Readonly<Record<string, PlaysEstimate>>;
  /** By row: the subject minus it. */
  readonly differences: Readonly<Record<string, PlaysDifference>>;
  /** Where there is a floor. */
  readonly pastFloor?: PastFloor;
}

export interface CanonTask {
  readonly task: string;
  readonly version: number;
  readonly summary: string;
  readonly items: number;
  readonly metrics: readonly CanonMetric[];
  /** Anchors that did not fall in the order they must in a play, as sentences. */
  readonly broken: readonly string[];
}

/** A play as it was asked about. */
export interface CanonPlay {
  readonly id: string;
  readonly title: string;
  readonly sha256: string;
  readonly splitSha256: string;
}

/** What a run over several plays writes: every figure is the mean over plays. Nothing in it depends on the clock. */
export interface CanonResults
  extends Pick<Results, 'split' | 'limit' | 'subject' | 'machine' | 'versions' | 'seed'> {
  readonly format: 'dramatis-canon';
  readonly formatVersion: 1;
  readonly plays: readonly CanonPlay[];
  readonly tasks: readonly CanonTask[];
}

/** What was measured on one play. */
export interface MeasuredPlay {
  readonly play: string;
  readonly measured: readonly Measured[];
}

/** The tasks of several plays together, with Holm's correction over the tasks' first metrics. */
export function canonTasks(
  tasks: readonly Task[],
  plays: readonly MeasuredPlay[],
): readonly CanonTask[] {
  const found = tasks.flatMap((task) => {
    const own = plays.flatMap(({ play, measured }) => {
      const one = measured.find((of) => of.task === task);
      return one ? [{ play, one }] : [];
    });
    return own.length > 0 ? [taskOf(task, own)] : [];
  });
  return correctOverTasks(found);
}

function taskOf(
  task: Task,
  plays: readonly { readonly play: string; readonly one: Measured }[],
): CanonTask {
  const names = [...new Set(plays.flatMap(({ one }) => [...one.rows.keys()]))];
  const rows = new Map(
    names.map((name): [string, PlayRows[]] => [
      name,
      plays.map(({ play, one }) => ({ play, rows: one.rows.get(name) ?? [] })),
    ]),
  );
  return {
    task: task.name,
    version: task.version,
    summary: task.summary,
    items: plays.reduce((sum, { one }) => sum + one.result.items, 0),
    metrics: task.metrics.map((metric) => metricOf(metric, rows)),
    broken: plays.flatMap(({ play, one }) => one.result.broken.map((text) => `${play}: ${text}`)),
  };
}

function metricOf(metric: Metric, rows: ReadonlyMap<string, readonly PlayRows[]>): CanonMetric {
  const subject = rows.get(subjectRow);
  const others = [...rows].filter(([name]) => name !== subjectRow);
  const estimates = Object.fromEntries(
    [...rows].map(([name, of]) => [name, overPlays(metric, of)]),
  );
  const own = estimates[subjectRow];
  const { floor, ceiling } = metric;
  return {
    metric: metric.name,
    unit: metric.unit,
    higherIsBetter: metric.higherIsBetter,
    ...(floor !== undefined && { floor }),
    ...(ceiling !== undefined && { ceiling }),
    rows: estimates,
    differences: subject
      ? Object.fromEntries(
          others.map(([name, of]) => [name, differenceOverPlays(metric, subject, of)]),
        )
      : {},
    ...(own && floor !== undefined && { pastFloor: signsOf(Object.values(own.byPlay), floor) }),
  };
}

/** One item of one row of one play, a line of FILE.rows.jsonl. */
export interface CanonRow extends Row {
  readonly play: string;
  readonly task: string;
  readonly row: string;
}

/** All rows, to be written a line each. */
export function* canonRows(plays: readonly MeasuredPlay[]): Generator<CanonRow> {
  for (const { play, measured } of plays)
    for (const { task, rows } of measured)
      for (const [row, of] of rows)
        for (const one of of) yield { play, task: task.name, row, ...one };
}
