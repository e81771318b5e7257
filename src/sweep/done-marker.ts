import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf, unreadable } from '../store/disk.ts';
import { fileSha256 } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { Sweep, SweepTask } from './manifest.ts';

/** A file that a task wrote, relative to the manifest's folder. */
interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What says that a task is done: written last. Nothing in it depends on when or where the task ran. */
export interface DoneMarker {
  readonly id: string;
  readonly label: string;
  readonly outputs: readonly WrittenFile[];
  /** The files of other tasks that it read. */
  readonly read: readonly Pick<WrittenFile, 'path' | 'sha256'>[];
}

/** How thoroughly a marker is compared with the files: their lengths alone, or every byte. */
export type MarkerCheck = 'length' | 'bytes';

/** Marks a task as done, by what lies under the names of its outputs. @throws {DramatisError} TASK_FAILED if one is missing. */
export async function markDone(sweep: Sweep, task: SweepTask): Promise<DoneMarker> {
  const outputs: WrittenFile[] = [];
  for (const path of task.outputs) {
    const file = await writtenFile(sweep, path);
    if (!file)
      throw new DramatisError('TASK_FAILED', `${task.label} ended well and wrote no ${path}`);
    outputs.push(file);
  }
  const before = await Promise.all(task.after.map((id) => readMarker(sweep, id)));
  const read = before.flatMap((marker) =>
    (marker?.outputs ?? []).map(({ path, sha256 }) => ({ path, sha256 })),
  );
  const marker = { id: task.id, label: task.label, outputs, read };
  await writeAtomic(pathOf(sweep, task.id), `${JSON.stringify(marker, null, 2)}\n`);
  return marker;
}

/**
 * Finds out whether a task is done: its marker is there, the files are as the marker says, and so are those that it read.
 * Nothing else counts, such as what a batch system remembers.
 */
export async function isDone(
  sweep: Sweep,
  task: SweepTask,
  check: MarkerCheck = 'bytes',
): Promise<boolean> {
  const marker = await readMarker(sweep, task.id);
  if (!marker || (await changedOutput(sweep, marker, check)) !== undefined) return false;
  const before = await Promise.all(task.after.map((id) => readMarker(sweep, id)));
  const now = new Map(before.flatMap((one) => one?.outputs ?? []).map((one) => [one.path, one]));
  return marker.read.every(({ path, sha256 }) => (now.get(path)?.sha256 ?? sha256) === sha256);
}

/**
 * Says in a clause what is wrong with the files of a task that was done once: such a task counts as not done, and runs again.
 * Undefined for one that was never done, or whose files are as they were written.
 */
export async function damageOf(
  sweep: Sweep,
  task: SweepTask,
  check: MarkerCheck = 'bytes',
): Promise<string | undefined> {
  const marker = await readMarker(sweep, task.id);
  if (marker) return changedOutput(sweep, marker, check);
  const path = pathOf(sweep, task.id);
  return (await lengthOf(path)) === undefined ? undefined : `${path} is damaged`;
}

/** What is wrong with the first of its files that is not as the marker says. */
async function changedOutput(
  sweep: Sweep,
  { outputs }: DoneMarker,
  check: MarkerCheck,
): Promise<string | undefined> {
  for (const { path, bytes, sha256 } of outputs) {
    const whole = join(sweep.folder, path);
    const length = await lengthOf(whole);
    if (length === undefined) return `${whole} is gone`;
    const isSame =
      length === bytes &&
      (check === 'length' || (await writtenFile(sweep, path))?.sha256 === sha256);
    if (!isSame) return `${whole} is damaged, or was changed after it was written`;
  }
  return undefined;
}

/** What says that a task is done, whatever became of its files since; undefined where nothing does. */
export async function readMarker(sweep: Sweep, id: string): Promise<DoneMarker | undefined> {
  const path = pathOf(sweep, id);
  try {
    const marker = JSON.parse(await readFile(path, 'utf8')) as DoneMarker;
    return marker.id === id ? marker : undefined;
  } catch (error) {
    // A damaged marker says nothing: the task runs again.
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw unreadable(path, error);
  }
}

async function writtenFile({ folder }: Sweep, path: string): Promise<WrittenFile | undefined> {
  const whole = join(folder, path);
  const bytes = await lengthOf(whole);
  return bytes === undefined ? undefined : { path, bytes, sha256: await fileSha256(whole) };
}

async function lengthOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

const pathOf = ({ folder }: Sweep, id: string): string => join(folder, 'done', `${id}.json`);
