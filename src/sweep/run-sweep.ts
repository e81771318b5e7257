import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import type { Outcome } from './attempts.ts';
import { damageOf, isDone } from './done-marker.ts';
import type { Sweep, SweepTask } from './manifest.ts';
import { type RunTaskOptions, runTask, type TaskEnd } from './run-task.ts';

/** What a sweep reports as it runs. */
export type SweepEvent =
  /** How many tasks there are, and how many were done before. */
  | { readonly kind: 'sweep'; readonly tasks: number; readonly done: number }
  /** A task that was done once runs again: what is wrong with its files, as a clause. */
  | { readonly kind: 'damaged'; readonly task: SweepTask; readonly damage: string }
  | { readonly kind: 'begin'; readonly task: SweepTask }
  | { readonly kind: 'end'; readonly task: SweepTask; readonly end: TaskEnd }
  /** Another process runs it: it is waited for. */
  | { readonly kind: 'elsewhere'; readonly task: SweepTask; readonly where: string }
  /** A task that is not run, since one that comes before it failed. */
  | { readonly kind: 'blocked'; readonly task: SweepTask; readonly by: SweepTask };

export interface RunSweepOptions extends RunTaskOptions {
  /** Tasks at once; 1 unless given. */
  readonly jobs?: number | undefined;
}

/** How long a task that another process runs is left alone before it is looked at again. */
const elsewhereMs = 2_000;

type Finished =
  | { readonly task: SweepTask; readonly end: TaskEnd }
  | { readonly task: SweepTask; readonly elsewhere: string };

/**
 * Runs what is not done of a sweep, each task after those whose outputs it reads. One that fails keeps none from running but
 * those that need it; the same call again tries it anew. What is done and fits its hashes is left alone.
 *
 * @throws {DramatisError} What a task throws that cannot be begun; `signal.reason`, once every task has saved what it had.
 */
export async function* runSweep(
  sweep: Sweep,
  { jobs = 1, ...options }: RunSweepOptions,
): AsyncGenerator<SweepEvent, void> {
  const { signal } = options;
  const schedule = await Schedule.of(sweep);
  yield { kind: 'sweep', tasks: sweep.manifest.tasks.length, done: schedule.done.size };
  for (const [task, damage] of schedule.damaged) yield { kind: 'damaged', task, damage };
  const running = new Map<string, Promise<Finished>>();
  const elsewhere = new Set<string>();
  try {
    for (;;) {
      const room = signal?.aborted ? 0 : jobs - running.size;
      for (const { task, by } of schedule.take(room)) {
        if (by) yield { kind: 'blocked', task, by };
        else {
          if (!elsewhere.has(task.id)) yield { kind: 'begin', task };
          running.set(task.id, attempt(sweep, task, options));
        }
      }
      if (running.size === 0) break;
      const finished = await Promise.race(running.values());
      const { task } = finished;
      running.delete(task.id);
      if ('end' in finished) {
        schedule.ended(task, finished.end.outcome);
        yield { kind: 'end', task, end: finished.end };
      } else {
        schedule.waiting.push(task);
        if (!elsewhere.has(task.id)) yield { kind: 'elsewhere', task, where: finished.elsewhere };
        elsewhere.add(task.id);
      }
    }
  } finally {
    // Whoever leaves waits until the processes have saved what they have.
    await Promise.allSettled(running.values());
  }
  signal?.throwIfAborted();
}

/** Which tasks may begin, and which never will. */
class Schedule {
  readonly done = new Set<string>();
  readonly waiting: SweepTask[] = [];
  readonly damaged = new Map<SweepTask, string>();
  readonly #failed = new Map<string, SweepTask>();

  static async of(sweep: Sweep): Promise<Schedule> {
    const schedule = new Schedule();
    for (const task of sweep.manifest.tasks) {
      // What is made again before it may come out differently: then it is looked at once more.
      const isLast = task.after.every((id) => schedule.done.has(id));
      if (isLast && (await isDone(sweep, task))) {
        schedule.done.add(task.id);
        continue;
      }
      schedule.waiting.push(task);
      const damage = await damageOf(sweep, task);
      if (damage !== undefined) schedule.damaged.set(task, damage);
    }
    return schedule;
  }

  ended(task: SweepTask, outcome: Outcome): void {
    if (outcome === 'done') this.done.add(task.id);
    else this.#failed.set(task.id, task);
  }

  /** Takes out of those that wait as many as there is room for, and those that come after one that failed. */
  take(room: number): { readonly task: SweepTask; readonly by: SweepTask | undefined }[] {
    const taken: { readonly task: SweepTask; readonly by: SweepTask | undefined }[] = [];
    if (room <= 0) return taken;
    let left = room;
    for (const task of [...this.waiting]) {
      const by = task.after.map((id) => this.#failed.get(id)).find((one) => one !== undefined);
      if (!by && (left <= 0 || !task.after.every((id) => this.done.has(id)))) continue;
      this.waiting.splice(this.waiting.indexOf(task), 1);
      taken.push({ task, by });
      if (by) this.#failed.set(task.id, task);
      else left--;
    }
    return taken;
  }
}

async function attempt(sweep: Sweep, task: SweepTask, options: RunTaskOptions): Promise<Finished> {
  try {
    return { task, end: await runTask(sweep, task, options) };
  } catch (error) {
    if (!(error instanceof DramatisError && error.code === 'LOCKED')) throw error;
    await sleep(elsewhereMs, undefined, { signal: options.signal }).catch(() => {});
    return { task, elsewhere: error.message };
  }
}
