import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unwritable } from '../../store/disk.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import type { Sweep } from '../manifest.ts';
import { sweepStatus, type TaskStatus } from '../sweep-status.ts';
import { arraysOf, type PlannedArray } from './arrays.ts';
import { jobScript, type SiteOptions } from './job-script.ts';
import { slurm } from './slurm-commands.ts';
import { queuedJobs, readSubmitted, type SubmittedArray, writeSubmitted } from './submitted.ts';

export interface SubmitOptions extends SiteOptions {
  /** Minutes that short tasks are put together to, in one job. */
  readonly pack: number;
  readonly program: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** An array with its script, as it is or would be submitted. */
interface ScriptedArray {
  readonly array: PlannedArray;
  readonly script: string;
  /** Path of the script, in the manifest's folder. */
  readonly path: string;
}

/** MaxArraySize of a Slurm that is not asked. */
const usualMost = 1001;

/** What is to be submitted. */
export interface PlannedScripts {
  readonly scripts: readonly ScriptedArray[];
  /** How many tasks are in a job that the queue has. */
  readonly underWay: number;
  /** How many are in none, and come after one that is: they are submitted another time. */
  readonly later: number;
}

/**
 * The scripts of what is not done and is in no job: submitting the same sweep again adds what is missing.
 *
 * @param isDry Whether no Slurm is asked, which there need not be.
 */
export async function scriptsOf(
  sweep: Sweep,
  options: SubmitOptions,
  isDry = false,
): Promise<PlannedScripts> {
  const { pack, program, signal } = options;
  const submitted = await readSubmitted(sweep);
  const queued = isDry ? [] : await queuedJobs(submitted, signal);
  const inJobs = new Set(queued.flatMap(({ array, place }) => array.packs[place] ?? []));
  const statuses = await sweepStatus(sweep);
  const isUnderWay = ({ state, task }: TaskStatus): boolean =>
    state === 'running' || (state !== 'done' && inJobs.has(task.index));
  const underWay = new Set(statuses.filter(isUnderWay).map(({ task }) => task.id));
  const left = statuses
    .filter((one) => one.state !== 'done' && !isUnderWay(one))
    .map(({ task }) => task);
  const tasks = left.filter(({ after }) => !after.some((id) => underWay.has(id)));
  const most = isDry ? usualMost : await maxArraySize(signal);
  return {
    scripts: arraysOf(tasks, { pack, most }).map((array, i) => ({
      array,
      script: jobScript(sweep, array, options, program),
      path: join(sweep.folder, 'slurm', `${submitted.length + i}-${array.name}.sh`),
    })),
    underWay: underWay.size,
    later: left.length - tasks.length,
  };
}

/**
 * Submits scripts, each array held back by those it comes after. If one is refused, those before it are cancelled.
 *
 * @throws {DramatisError} SLURM_FAILED with what Slurm says; STORE_UNWRITABLE.
 */
export async function submit(
  sweep: Sweep,
  scripts: readonly ScriptedArray[],
  signal?: AbortSignal,
): Promise<SubmittedArray[]> {
  const made: SubmittedArray[] = [];
  await mkdir(join(sweep.folder, 'logs'), { recursive: true }).catch((error: unknown) => {
    throw unwritable(sweep.folder, error);
  });
  try {
    for (const { array, script, path } of scripts) {
      await writeAtomic(path, script);
      const after = array.after.map((place) => made[place]!.job);
      const held =
        after.length === 0
          ? []
          : [
              `--dependency=${array.isAfterAll ? 'afterok' : 'aftercorr'}:${after.join(':')}`,
              '--kill-on-invalid-dep=yes',
            ];
      const words = ['--parsable', `--chdir=${sweep.folder}`, ...held, path];
      // "123" or "123;cluster".
      const job = (await slurm('sbatch', words, { signal })).trim().split(';')[0]!;
      made.push({ job, name: array.name, packs: array.packs });
    }
  } catch (error) {
    if (made.length > 0)
      await slurm(
        'scancel',
        made.map(({ job }) => job),
      ).catch(() => {});
    throw error;
  }
  await writeSubmitted(sweep, made);
  return made;
}

async function maxArraySize(signal: AbortSignal | undefined): Promise<number> {
  const config = await slurm('scontrol', ['show', 'config'], { signal });
  return Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(config)?.[1] ?? usualMost);
}
