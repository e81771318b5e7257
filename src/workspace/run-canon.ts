import { DramatisError } from '../errors.ts';
import {
  type CanonResults,
  canonRows,
  canonTasks,
  type MeasuredPlay,
} from '../eval/canon/canon-results.ts';
import { evaluate, itemsOf, type Measured } from '../eval/run/evaluate.ts';
import { splits } from '../eval/run/run-size.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { type CanonOptions, type CanonRun, openCanonRun } from './runs/canon-run.ts';
import { type KeptRunEvent, leftBefore, openEvalRun } from './runs/eval-run.ts';
import { type Workspace, warnIn } from './workspace.ts';

/** What a run over several plays reports; it ends with `canon`. */
export type CanonEvent =
  | KeptRunEvent
  /** A play is done, after so many seconds. */
  | {
      readonly kind: 'play';
      readonly play: string;
      readonly items: number;
      readonly seconds: number;
    }
  /** A play that has no items of a task. */
  | { readonly kind: 'left out'; readonly task: string; readonly play: string }
  | {
      readonly kind: 'canon';
      readonly results: CanonResults;
      readonly seconds: number;
      readonly out: string | undefined;
    };

/**
 * Measures one model over several plays, the unit of the figures being the play: mean over plays, intervals over plays,
 * scenes and items, and the sign test over plays. Answers are kept as they come, and a run that was cut goes on.
 *
 * @throws {DramatisError} What `openCanonRun` throws; NO_ITEMS if no play has anything to ask; LEAK; `signal.reason`.
 */
export async function* runCanon(
  workspace: Workspace,
  options: CanonOptions,
): AsyncGenerator<CanonEvent, void> {
  const signal = options.signal ?? new AbortController().signal;
  const begun = performance.now();
  using run = await openCanonRun(workspace, options, signal);
  const { tasks, head, plays, limit } = run;
  const folder = `${workspace.folders.runs}/eval`;
  const evalRun = await openEvalRun(folder, {
    head,
    tasks,
    fresh: options.fresh ?? false,
    warn: warnIn(workspace),
  });
  yield* leftBefore(evalRun);
  const measured = yield* measuredPlays(run, { ...options, signal, store: evalRun.store });
  const { split, subject, machine, versions, seed } = head;
  const results: CanonResults = {
    ...{ format: 'dramatis-canon', formatVersion: 1 },
    ...{ plays, split, limit: limit ?? null, subject, machine, versions, seed },
    tasks: canonTasks(tasks, measured),
  };
  const { out } = options;
  if (out !== undefined) {
    await writeAtomic(`${out}.rows.jsonl`, lines(measured));
    await writeAtomic(out, `${JSON.stringify(results, null, 2)}\n`);
  }
  await evalRun.finish(out);
  yield { kind: 'canon', results, seconds: (performance.now() - begun) / 1000, out };
}

async function* measuredPlays(
  { tasks, sources, subject, limit }: CanonRun,
  {
    split: asked = splits[0],
    anchors,
    store,
    signal,
  }: CanonOptions & Pick<Parameters<typeof evaluate>[0], 'store'>,
): AsyncGenerator<CanonEvent, MeasuredPlay[]> {
  // Where all scenes are asked about, the whole play is holdout.
  const split = asked === 'all' ? 'holdout' : asked;
  const counts = sources.map((source) =>
    tasks.map((task) => itemsOf(task, { source, split }, limit).length),
  );
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    const names = tasks.map(({ name }) => name).join(', ');
    throw new DramatisError('NO_ITEMS', `${names}: no items in the ${asked} scenes of any play`);
  }
  const found: MeasuredPlay[] = [];
  let before = 0;
  for (const [i, source] of sources.entries()) {
    const own = counts[i]!.reduce((sum, count) => sum + count, 0);
    for (const [t, task] of tasks.entries())
      if (counts[i]![t] === 0) yield { kind: 'left out', task: task.name, play: source.id };
    if (own === 0) continue;
    const start = performance.now();
    const parts = [{ source, split, subject: await subject.forPart(source, null) }] as const;
    const measured: Measured[] = [];
    for await (const event of evaluate({ parts, tasks, limit, anchors, store: store!, signal })) {
      if (event.kind === 'measured') measured.push(event.measured);
      if (event.kind === 'progress')
        yield {
          ...event,
          task: `${source.id} ${event.task}`,
          fraction: (before + own * event.fraction) / total,
        };
    }
    before += own;
    found.push({ play: source.id, measured });
    const seconds = (performance.now() - start) / 1000;
    yield { kind: 'play', play: source.id, items: own, seconds };
  }
  return found;
}

function* lines(measured: readonly MeasuredPlay[]): Generator<Buffer> {
  for (const row of canonRows(measured)) yield Buffer.from(`${JSON.stringify(row)}\n`);
}
