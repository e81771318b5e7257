import {
  leversOf,
  type MetricResult,
  type Results,
  type RunRecord,
  type TaskResult,
} from '../../eval/results.ts';

/** One measured run as the report takes it. */
export interface BenchRun {
  readonly results: Results;
  readonly record: RunRecord | null;
  /** What a reader calls it, such as "smollm2-135m, holdout". */
  readonly label: string;
}

/** A run with the letter and the shape that stand for it in every figure. */
export interface MarkedRun extends BenchRun {
  /** "A", "B", … "Z", "AA", … */
  readonly letter: string;
  readonly symbol: RunSymbol;
}

/** Shapes that differ without colour, filled or hollow; the diamond is kept for the originals. */
const symbols = ['circle', 'square', 'triangle', 'star', 'cross', 'hexagon', 'wye'] as const;
export type RunSymbol = (typeof symbols)[number];

export function markRuns(runs: readonly BenchRun[]): MarkedRun[] {
  return runs.map((run, i) => ({
    ...run,
    letter: letters(i),
    symbol: symbols[i % symbols.length]!,
  }));
}

/** "A" for 0, "Z" for 25, then "AA". */
export function letters(i: number): string {
  const last = String.fromCharCode(65 + (i % 26));
  return i < 26 ? last : letters(Math.floor(i / 26) - 1) + last;
}

/** A task of one run by its first metric: the one that counts. */
export interface Headline {
  readonly task: TaskResult;
  readonly metric: MetricResult;
}

export function headlines({ results }: Pick<BenchRun, 'results'>): Headline[] {
  return results.tasks.flatMap((task) => {
    const metric = task.metrics[0];
    return metric ? [{ task, metric }] : [];
  });
}

export function headlineOf(run: Pick<BenchRun, 'results'>, task: string): Headline | undefined {
  return headlines(run).find((headline) => headline.task.task === task);
}

/** Names of all tasks of these runs, in the order they first come. */
export function tasksOf(runs: readonly BenchRun[]): string[] {
  return [...new Set(runs.flatMap(({ results }) => results.tasks.map(({ task }) => task)))];
}

/** What was measured on, in words: "hamlet, HAMLET, holdout". Runs that agree in it can be set side by side. */
export function groundOf({ results }: BenchRun): string {
  const { play, character, split, folds, limit } = results;
  return [
    play.id,
    character ?? 'everybody',
    split,
    ...(folds === null ? [] : [`${folds} folds`]),
    ...(limit === null ? [] : [`at most ${limit} items a task`]),
  ].join(', ');
}

/** What stands beside the weights, in words: "persona, memory, ban". */
export function componentsOf({ results: { subject } }: BenchRun): string {
  const components = [
    ...(subject.adapter ? [`adapter × ${subject.adapter.scale}`] : []),
    ...(['persona', 'memory'] as const).filter((component) => subject[component]),
    ...leversOf(subject),
  ];
  return components.length > 0 ? components.join(', ') : 'none';
}

const isAsked = ({ metric }: Headline): boolean => metric.rows.subject !== undefined;

/** Tasks that a subject was asked, in some of these runs. */
export function askedTasks(runs: readonly Pick<BenchRun, 'results'>[]): string[] {
  const asked = runs.flatMap((run) => headlines(run).filter(isAsked));
  return [...new Set(asked.map(({ task }) => task.task))];
}

/** A sentence on the tasks that were measured on the play alone, for transcripts to be set beside; empty if none was. */
export function playAlone(runs: readonly Pick<BenchRun, 'results'>[]): string {
  const asked = new Set(askedTasks(runs));
  const rest = runs.flatMap((run) => headlines(run).map(({ task }) => task.task));
  const alone = [...new Set(rest)].filter((task) => !asked.has(task));
  return alone.length > 0 ? `Measured on the play alone: ${alone.join(', ')}.` : '';
}
