import type { Results, RunRecord } from '../eval/results.ts';
import { writeResults } from '../eval/results-file.ts';
import { type Ablation, ablate } from '../eval/run/ablate.ts';
import { assemble, exposureMetrics } from '../eval/run/assemble.ts';
import {
  type EvalPart,
  type EvaluateOptions,
  evaluate,
  itemsOf,
  type Measured,
} from '../eval/run/evaluate.ts';
import { addUsage, noComponents, noUsage, ratesOf } from '../eval/subject.ts';
import type { Task } from '../eval/task.ts';
import { allTasks } from '../eval/tasks/all.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import {
  type BenchmarkOptions,
  type BenchmarkRun,
  openBenchmarkRun,
} from './runs/benchmark-run.ts';
import { type KeptRunEvent, leftBefore, openEvalRun } from './runs/eval-run.ts';
import { type Workspace, warnIn } from './workspace.ts';

/** What a benchmark run reports; it ends with `results`, or with `ablation` where parts are taken away one by one. */
export type BenchmarkEvent =
  | KeptRunEvent
  | { readonly kind: 'measured'; readonly measured: Measured }
  /**
   * A task that has no item in the scenes asked about, and is left out: one that was asked for, or one of the probes of how
   * well the base model knows the text already.
   */
  | { readonly kind: 'left out'; readonly task: string; readonly isProbe: boolean }
  /** `out` is the file they are in. */
  | {
      readonly kind: 'results';
      readonly results: Results;
      readonly record: RunRecord;
      readonly out: string | undefined;
    }
  | { readonly kind: 'ablation'; readonly ablation: Ablation; readonly out: string | undefined };

/**
 * Measures how well a model speaks in character, beside the bare model and anchors. Answers are kept as they come: the same
 * run goes on where one was cut. What was measured is never thrown away for what could not be.
 *
 * @throws {DramatisError} USAGE; NO_ITEMS if no task has anything to ask; LEAK; what opening the parts throws;
 *   `signal.reason`.
 */
export async function* runBenchmark(
  workspace: Workspace,
  options: BenchmarkOptions,
): AsyncGenerator<BenchmarkEvent, void> {
  const signal = options.signal ?? new AbortController().signal;
  using run = await openBenchmarkRun(workspace, options, signal);
  if (options.ablate) yield* ablated(run, { ...options, levers: options.ablate, signal });
  else yield* measured(workspace, run, { ...options, signal });
}

type Asked = Pick<BenchmarkOptions, 'alone' | 'anchors' | 'out' | 'fresh'> & {
  readonly signal: AbortSignal;
};

async function* measured(
  workspace: Workspace,
  run: BenchmarkRun,
  { anchors, out, fresh = false, signal }: Asked,
): AsyncGenerator<BenchmarkEvent, void> {
  const started = new Date();
  const begun = performance.now();
  const { tasks, parts, head, limit } = run;
  const folder = `${workspace.folders.runs}/eval`;
  const evalRun = await openEvalRun(folder, { head, tasks, fresh, warn: warnIn(workspace) });
  const { store } = evalRun;
  yield* leftBefore(evalRun);
  const found: Measured[] = [];
  for await (const event of evaluate({ parts, tasks, limit, anchors, store, signal })) {
    if (event.kind === 'empty') yield { kind: 'left out', task: event.task, isProbe: false };
    else yield event;
    if (event.kind === 'measured') found.push(event.measured);
  }
  const probes = yield* probed({ ...run, store, signal });
  const results = assemble(head, found, probes);
  const record = recordOf(found, started, (performance.now() - begun) / 1000);
  if (out !== undefined) await writeResults(out, { results, record, measured: found });
  await evalRun.finish(out);
  yield { kind: 'results', results, record, out };
}

/** What the bare model knew of the text before, unless nothing is asked but what is remembered: scores are read beside it. */
async function* probed({
  tasks,
  parts,
  limit,
  store,
  signal,
}: Pick<BenchmarkRun, 'tasks' | 'parts' | 'limit'> &
  Required<Pick<EvaluateOptions, 'store' | 'signal'>>): AsyncGenerator<BenchmarkEvent, Measured[]> {
  const probes: Measured[] = [];
  if (tasks.every(({ isOfMemory }) => isOfMemory)) return probes;
  const bare = parts.map((one) => ({ ...one, subject: one.subject.withComponents(noComponents) }));
  const unasked = allTasks.filter((one) => one.name in exposureMetrics && !tasks.includes(one));
  const asked = unasked.filter((task) => hasItems(task, bare));
  for (const task of unasked)
    if (!asked.includes(task)) yield { kind: 'left out', task: task.name, isProbe: true };
  if (asked.length > 0)
    for await (const event of evaluate({ parts: bare, tasks: asked, limit, store, signal })) {
      if (event.kind === 'measured') probes.push(event.measured);
      if (event.kind === 'progress') yield event;
    }
  return probes;
}

const hasItems = (task: Task, parts: readonly EvalPart[]): boolean =>
  parts.some((part) => itemsOf(task, part, 1).length > 0);

async function* ablated(
  { tasks, parts, head, limit }: BenchmarkRun,
  options: Asked & { readonly levers: NonNullable<BenchmarkOptions['ablate']> },
): AsyncGenerator<BenchmarkEvent, void> {
  const { levers, alone, out, signal } = options;
  const events = ablate({ levers, alone, tasks, parts: parts, limit, signal });
  let ablation: Ablation | undefined;
  for await (const event of events) {
    if (event.kind === 'progress') yield event;
    else {
      // Each setting takes minutes: one that is done stays.
      ablation = event.soFar;
      const file = `${JSON.stringify({ ...head, ...ablation }, null, 2)}\n`;
      if (out !== undefined) await writeAtomic(out, file);
    }
  }
  if (ablation) yield { kind: 'ablation', ablation, out };
}

function recordOf(measured: readonly Measured[], started: Date, seconds: number): RunRecord {
  return {
    started: started.toISOString(),
    seconds,
    tasks: Object.fromEntries(
      measured.map(({ task, seconds, usage }) => [
        task.name,
        { seconds, tokensPerSecond: ratesOf(usage).promptTokensPerSecond },
      ]),
    ),
    ...ratesOf(measured.map(({ usage }) => usage).reduce(addUsage, noUsage)),
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}
