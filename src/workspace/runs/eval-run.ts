import { AnswerStore, type UnitRecord } from '../../eval/run/ask.ts';
import type { RunHead } from '../../eval/run/assemble.ts';
import type { EvalProgress } from '../../eval/run/evaluate.ts';
import type { Task } from '../../eval/task.ts';
import type { JournalFault } from '../../store/journal.ts';
import { RunFolder } from '../../store/run-folder.ts';

/** An evaluation in a folder of its own: another with the same head and tasks goes on from its answers if it is cut. */
export interface EvalRun {
  readonly store: AnswerStore;
  /** Units whose answers a run that was cut has left. */
  readonly taken: number;
  /** The journal of answers. */
  readonly path: string;
  /** Lines of the journal that could not be read. */
  readonly faults: readonly JournalFault[];
  /** Says that the run is over, and where its results were written, if anywhere. */
  finish(out: string | undefined): Promise<void>;
}

/** What every run reports that keeps its answers. */
export type KeptRunEvent =
  /** An earlier run of the same was cut, and had asked so many units already. */
  | { readonly kind: 'resumed'; readonly units: number }
  /** A line of the answers that it left cannot be read. */
  | { readonly kind: 'fault'; readonly path: string; readonly fault: JournalFault }
  | EvalProgress;

/** What a run that was cut has left, as events. */
export function* leftBefore({ path, faults, taken }: EvalRun): Generator<KeptRunEvent, void> {
  for (const fault of faults) yield { kind: 'fault', path, fault };
  if (taken > 0) yield { kind: 'resumed', units: taken };
}

export interface EvalRunOptions {
  readonly head: RunHead;
  readonly tasks: readonly Task[];
  /** Gives up what a run that was cut has left. */
  readonly fresh: boolean;
  /** Is told, in a sentence, of what a run that was cut has left damaged. */
  readonly warn?: (text: string) => void;
}

/** A new run, or one that was cut to go on with. */
export async function openEvalRun(
  folder: string,
  { head, tasks, fresh, warn }: EvalRunOptions,
): Promise<EvalRun> {
  const { versions, ...rest } = head;
  const { dramatis, commit } = versions;
  const asked = tasks.map(({ name, version }) => `${name} ${version}`);
  const config = { ...rest, versions: { dramatis, commit }, tasks: asked };
  if (fresh) await RunFolder.abandon(folder, config);
  const run =
    (await RunFolder.unfinished<UnitRecord>(folder, config, warn)) ??
    (await RunFolder.create<UnitRecord>(
      folder,
      asked.length === 1 ? asked[0]! : 'suite',
      config,
      versions,
    ));
  const { records, faults } = await run.events.read();
  return {
    store: new AnswerStore(run.events, records),
    taken: records.length,
    path: run.events.path,
    faults,
    finish: (out) => run.finish({ out: out ?? null }),
  };
}
