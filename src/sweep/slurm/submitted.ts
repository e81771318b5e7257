import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { errnoOf, unreadable } from '../../store/disk.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import type { Sweep } from '../manifest.ts';
import { slurm } from './slurm-commands.ts';

/** A job array as it was submitted. */
export interface SubmittedArray {
  /** Slurm's number of it. */
  readonly job: string;
  readonly name: string;
  /** Indices of tasks, a list for each job of the array. */
  readonly packs: readonly (readonly number[])[];
}

/** A job of an array, as the queue has it. */
export interface QueuedJob {
  readonly array: SubmittedArray;
  /** Place in the array. */
  readonly place: number;
  /** Slurm's word, such as "RUNNING" or "PENDING". */
  readonly state: string;
  /** Why it waits, in Slurm's words, such as "Resources" or "BeginTime". */
  readonly reason: string;
}

/** Writes down what was submitted, beside what was before. */
export async function writeSubmitted(
  sweep: Sweep,
  arrays: readonly SubmittedArray[],
): Promise<void> {
  if (arrays.length === 0) return;
  const path = join(folderOf(sweep), `${arrays[0]!.job}.json`);
  await writeAtomic(path, `${JSON.stringify(arrays, null, 2)}\n`);
}

/**
 * The jobs of arrays that the queue has: one question for all of them. What has ended is not asked about, since many sites
 * keep no account of it: the sweep's own files say what is done.
 *
 * @throws {DramatisError} SLURM_FAILED
 */
export async function queuedJobs(
  arrays: readonly SubmittedArray[],
  signal?: AbortSignal,
): Promise<QueuedJob[]> {
  if (arrays.length === 0) return [];
  // By user and not by number: squeue fails where one of the numbers is forgotten.
  const user = `--user=${process.getuid?.() ?? userInfo().username}`;
  const format = '%F|%K|%T|%r';
  const said = await slurm('squeue', [user, '--noheader', '--array', `--format=${format}`], {
    signal,
  });
  return said.split('\n').flatMap((line): QueuedJob[] => {
    const [job, place, state = '', reason = ''] = line.trim().split('|');
    const array = arrays.find((one) => one.job === job);
    return array ? [{ array, place: Number(place), state, reason }] : [];
  });
}

/** The arrays that were submitted for a sweep so far, in their order. */
export async function readSubmitted(sweep: Sweep): Promise<SubmittedArray[]> {
  const folder = folderOf(sweep);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw unreadable(folder, error);
  });
  const files = names.filter((name) => /^\d+\.json$/.test(name));
  const numbers = files.map((name) => Number(name.slice(0, -5))).sort((a, b) => a - b);
  const each = await Promise.all(
    numbers.map(async (number) =>
      JSON.parse(await readFile(join(folder, `${number}.json`), 'utf8')),
    ),
  );
  return each.flat() as SubmittedArray[];
}

/** Cancels the jobs of a sweep that the queue has. @returns Slurm's numbers of their arrays. */
export async function cancelJobs(sweep: Sweep, signal?: AbortSignal): Promise<string[]> {
  const queued = await queuedJobs(await readSubmitted(sweep), signal);
  const jobs = [...new Set(queued.map(({ array }) => array.job))];
  if (jobs.length > 0) await slurm('scancel', jobs, { signal });
  return jobs;
}

const folderOf = ({ folder }: Sweep): string => join(folder, 'slurm');
