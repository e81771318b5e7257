import { join } from 'node:path';
import { isLocked } from '../store/lock.ts';
import { type Attempt, lastAttempt } from './attempts.ts';
import { damageOf, isDone, type MarkerCheck } from './done-marker.ts';
import type { Sweep, SweepTask } from './manifest.ts';

/**
 * Where a task stands. `ended`: its last try has no end, and nobody runs it: it was killed with the process that looked
 * after it, or its machine was lost.
 */
type TaskState = 'done' | 'running' | 'stopped' | 'failed' | 'ended' | 'blocked' | 'waiting';

export interface TaskStatus {
  readonly task: SweepTask;
  readonly state: TaskState;
  /** Tries so far. */
  readonly attempts: number;
  readonly last: Attempt | undefined;
  /** What is wrong with the files of a task that was done once, as a clause. */
  readonly damage: string | undefined;
}

/** How many tasks stand where, in the order shown. */
export type StateCounts = Readonly<Record<TaskState, number>>;

/**
 * Where every task of a sweep stands, by its files alone: no scheduler is asked.
 *
 * @param check Whether the bytes of what is done are compared, or their number.
 */
export async function sweepStatus(
  sweep: Sweep,
  check: MarkerCheck = 'length',
): Promise<TaskStatus[]> {
  const found: TaskStatus[] = [];
  const states = new Map<string, TaskState>();
  for (const task of sweep.manifest.tasks) {
    const { attempt: last, attempts } = await lastAttempt(sweep, task);
    const state = await stateOf(sweep, task, { last, states, check });
    states.set(task.id, state);
    const damage = state === 'done' ? undefined : await damageOf(sweep, task, check);
    found.push({ task, state, attempts, last, damage });
  }
  return found;
}

export function countStates(statuses: readonly TaskStatus[]): StateCounts {
  const none = { done: 0, running: 0, stopped: 0, failed: 0, ended: 0, blocked: 0, waiting: 0 };
  for (const { state } of statuses) none[state]++;
  return none;
}

async function stateOf(
  sweep: Sweep,
  task: SweepTask,
  {
    last,
    states,
    check,
  }: {
    readonly last: Attempt | undefined;
    readonly states: ReadonlyMap<string, TaskState>;
    readonly check: MarkerCheck;
  },
): Promise<TaskState> {
  if (await isDone(sweep, task, check)) return 'done';
  if (await isLocked(join(sweep.folder, 'claims', `${task.id}.owner`))) return 'running';
  const before = task.after.map((id) => states.get(id));
  if (before.some((one) => one === 'failed' || one === 'blocked')) return 'blocked';
  if (!last) return 'waiting';
  if (!last.end) return 'ended';
  if (last.end.outcome === 'stopped') return 'stopped';
  // Done once, and its files are not there any more.
  return last.end.outcome === 'done' ? 'waiting' : 'failed';
}
