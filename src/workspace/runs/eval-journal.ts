import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { AnswerStore, type UnitRecord } from '../../eval/run/ask.ts';
import type { RunHead } from '../../eval/run/assemble.ts';
import type { Task } from '../../eval/task.ts';
import { Journal, type JournalFault } from '../../store/journal.ts';
import { sha256 } from '../../store/sha256.ts';

/** Where a run keeps the answers it has: another with the same head and tasks finds them again if this one is cut. */
export interface EvalJournal {
  readonly store: AnswerStore;
  /** Units that a run which was cut has left. */
  readonly taken: number;
  readonly path: string;
  /** Lines of it that cannot be read. */
  readonly faults: readonly JournalFault[];
  /** Sets the answers aside: the run has ended. */
  end(): Promise<void>;
}

/** @param options.fresh Sets aside what a run that was cut has left. */
export async function openEvalJournal(
  folder: string,
  { head, tasks, fresh }: { head: RunHead; tasks: readonly Task[]; fresh: boolean },
): Promise<EvalJournal> {
  const { versions, ...rest } = head;
  const asked = tasks.map(({ name, version }) => `${name} ${version}`);
  const of = JSON.stringify([rest, versions.dramatis, versions.commit, asked]);
  const key = sha256(of).slice(0, 16);
  const path = join(folder, `${key}.jsonl`);
  if (fresh) await setAside(path);
  const journal = new Journal<UnitRecord>(path);
  const { records, faults } = await journal.read();
  const store = new AnswerStore(journal, records);
  return { store, taken: records.length, path, faults, end: () => setAside(path) };
}

async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.done`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error; // nothing was asked: nothing is kept
  });
}
