import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf, unreadable } from '../store/disk.ts';
import { sha256 } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';

/** What a task needs of the machine that runs it. */
export interface Resources {
  readonly cpus: number;
  readonly gpus: number;
  readonly memMiB: number;
  /** Time after which Slurm ends it; it is saved before and goes on in another job. */
  readonly minutes: number;
}

/** A file that the plan was made with: a task refuses to run with another. */
export interface SweepInput {
  readonly kind: 'model' | 'play' | 'embedder' | 'data';
  /** An id of the catalogue, a URI, or an absolute path: the word that stands in a task's command. */
  readonly name: string;
  readonly sha256: string;
}

/** The coordinates of a task in the study. */
export interface SweepPoint {
  readonly model: string;
  readonly character: string;
  readonly recipe: string;
  readonly seed: number | null;
  readonly fold: number | null;
  /** Null for a training. */
  readonly levers: string | null;
  readonly tasks: string | null;
  /** The component that is left out; missing where none is. */
  readonly without?: string;
}

/** What a task does: trains an adapter, asks a subject, lets characters play scenes, or times a model. */
type TaskKind = 'train' | 'eval' | 'scenes' | 'speed';

/** One command of a sweep. */
export interface SweepTask {
  /** Place in the manifest, from 0. */
  readonly index: number;
  /** Hash of the command, the files it reads, the program's version and the tasks it comes after. */
  readonly id: string;
  readonly kind: TaskKind;
  /** Name of its folder and its log. */
  readonly label: string;
  readonly point: SweepPoint;
  /** Words after "dramatis", as they are run in the manifest's folder. */
  readonly argv: readonly string[];
  /** Ids of the tasks whose outputs it reads. */
  readonly after: readonly string[];
  /** Files it writes, relative to the manifest's folder; the first is what it is for. */
  readonly outputs: readonly string[];
  readonly resources: Resources;
}

/** A sweep as it was planned: one JSON document, which every other command reads and none changes. */
export interface Manifest {
  readonly format: 'dramatis-sweep';
  readonly formatVersion: 1;
  /** Version of the program that made it and must run it. */
  readonly program: string;
  readonly study: { readonly name: string; readonly sha256: string };
  readonly inputs: readonly SweepInput[];
  readonly tasks: readonly SweepTask[];
}

/** A manifest and where its tasks are done. */
export interface Sweep {
  /** Absolute path of the manifest. */
  readonly path: string;
  /** The folder that tasks run and write in. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** A name for the content of a task: 16 hex digits. */
export function taskId(
  task: Pick<SweepTask, 'point' | 'argv' | 'after' | 'outputs'>,
  inputs: readonly SweepInput[],
  program: string,
): string {
  const hashes = new Map(inputs.map(({ name, sha256: hash }) => [name, hash]));
  // A word may be a list, such as that of the plays that are learned from.
  const words = task.argv.map((word) =>
    word
      .split(',')
      .map((one) => hashes.get(one) ?? one)
      .join(','),
  );
  // Where a file lies does not matter, only what it is.
  const point = { ...task.point, model: hashes.get(task.point.model) ?? task.point.model };
  const always = inputs.filter(({ kind }) => kind === 'embedder').map(({ sha256: hash }) => hash);
  const { after, outputs } = task;
  return sha256(JSON.stringify({ words, point, always, after, outputs, program })).slice(0, 16);
}

/** Writes a manifest into a folder, as `manifest.json`. @returns Its path. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const path = join(folder, 'manifest.json');
  await writeAtomic(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return path;
}

/**
 * Reads a manifest: its path, or that of the folder it lies in.
 *
 * @throws {DramatisError} FILE_MISSING; STUDY_INVALID for something else; SWEEP_CHANGED if a task was edited.
 */
export async function readSweep(given: string): Promise<Sweep> {
  const path = resolve(/\.json$/i.test(given) ? given : join(given, 'manifest.json'));
  const manifest = await readJson(path);
  if (manifest?.format !== 'dramatis-sweep')
    throw new DramatisError('STUDY_INVALID', `${path} is not the manifest of a sweep`, {
      remedy: 'Make one with "dramatis sweep plan STUDY.json", and give its folder.',
    });
  if (manifest.formatVersion !== 1)
    throw new DramatisError(
      'SWEEP_CHANGED',
      `${path} is of version ${manifest.formatVersion} of the format; version 1 is read here`,
    );
  for (const task of manifest.tasks) {
    const id = taskId(task, manifest.inputs, manifest.program);
    if (id !== task.id)
      throw new DramatisError('SWEEP_CHANGED', `task ${task.index} of ${path} is not as planned`);
  }
  return { path, folder: dirname(path), manifest };
}

/** Whether a path is that of a manifest, or of a folder with one, and not of a study. */
export async function isManifest(given: string): Promise<boolean> {
  if (!/\.json$/i.test(given)) return true;
  return (await readJson(resolve(given)))?.format === 'dramatis-sweep';
}

/** The task with this place or this id. @throws {DramatisError} USAGE */
export function taskOf({ manifest, path }: Sweep, named: string | number): SweepTask {
  const { tasks } = manifest;
  const found = tasks.find(({ id, index }) => id === named || String(index) === String(named));
  if (found) return found;
  throw new DramatisError('USAGE', `${path} has tasks 0 to ${tasks.length - 1}, not "${named}"`);
}

async function readJson(path: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Manifest;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT')
      throw new DramatisError('FILE_MISSING', `there is no file ${path}`, {
        remedy: 'Make it with "dramatis sweep plan STUDY.json".',
      });
    if (error instanceof SyntaxError) return undefined;
    throw unreadable(path, error);
  }
}
