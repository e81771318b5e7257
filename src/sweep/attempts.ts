import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errnoOf, unreadable } from '../store/disk.ts';
import { processorKind } from '../store/processor-kind.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { Sweep, SweepTask } from './manifest.ts';

/**
 * How a try at a task ended. `stopped`: it was asked to end, saved what it had, and goes on when it is run again.
 * `killed`: a signal ended it that no program can answer.
 */
export type Outcome = 'done' | 'stopped' | 'failed' | 'killed';

/** One try at a task. One without an end was killed with the process that looked after it, or runs still. */
export interface Attempt {
  /** Counts from 1. */
  readonly number: number;
  readonly host: string;
  readonly processor: string;
  /** Slurm's job, array and restart count, where one ran it. */
  readonly slurm: { readonly job: string; readonly restarts: number } | null;
  /** ISO 8601, by the clock of the host. */
  readonly started: string;
  readonly end: AttemptEnd | null;
}

export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly seconds: number;
  /** Exit code, or name of the signal that ended it. */
  readonly exit: number | string;
  /** The last line that a task printed before it failed; null for one that ended well. */
  readonly reason: string | null;
  /** Most memory that it held at once; null where that cannot be known. */
  readonly peakMiB: number | null;
}

/** Writes down that a try has begun. Only the holder of the task's claim may. */
export async function beginAttempt(
  sweep: Sweep,
  { id }: SweepTask,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Attempt> {
  const number = (await attemptsAt(sweep, id)).length + 1;
  const job = env.SLURM_JOB_ID;
  const attempt: Attempt = {
    number,
    host: hostname(),
    processor: processorKind(),
    slurm: job === undefined ? null : { job, restarts: Number(env.SLURM_RESTART_COUNT ?? 0) },
    started: new Date().toISOString(),
    end: null,
  };
  await writeAttempt(sweep, id, attempt);
  return attempt;
}

/** Writes down how a try ended. */
export async function endAttempt(
  sweep: Sweep,
  { id }: SweepTask,
  attempt: Attempt,
  end: AttemptEnd,
): Promise<void> {
  await writeAttempt(sweep, id, { ...attempt, end });
}

/** The last try at a task, if there was one, and how many there were. */
export async function lastAttempt(
  sweep: Sweep,
  { id }: SweepTask,
): Promise<{ readonly attempt: Attempt | undefined; readonly attempts: number }> {
  const numbers = await attemptsAt(sweep, id);
  const last = numbers.at(-1);
  if (last === undefined) return { attempt: undefined, attempts: 0 };
  const path = join(folderOf(sweep, id), `${last}.json`);
  try {
    const attempt = JSON.parse(await readFile(path, 'utf8')) as Attempt;
    return { attempt, attempts: numbers.length };
  } catch (error) {
    // A damaged record says nothing but that there was a try.
    if (error instanceof SyntaxError) return { attempt: undefined, attempts: numbers.length };
    throw unreadable(path, error);
  }
}

function writeAttempt(sweep: Sweep, id: string, attempt: Attempt): Promise<void> {
  const path = join(folderOf(sweep, id), `${attempt.number}.json`);
  return writeAtomic(path, `${JSON.stringify(attempt, null, 2)}\n`);
}

async function attemptsAt(sweep: Sweep, id: string): Promise<number[]> {
  const folder = folderOf(sweep, id);
  try {
    const names = await readdir(folder);
    const numbers = names.map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1]));
    return numbers.filter((number) => number > 0).sort((a, b) => a - b);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw unreadable(folder, error);
  }
}

const folderOf = ({ folder }: Sweep, id: string): string => join(folder, 'attempts', id);
