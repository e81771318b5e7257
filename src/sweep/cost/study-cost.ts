import type { Workspace } from '../../workspace/workspace.ts';
import { lastAttempt } from '../attempts.ts';
import type { Sweep } from '../manifest.ts';
import { Counting } from './counting.ts';
import { type TaskCost, type TaskSize, taskCosts } from './task-cost.ts';

/**
 * What every task of a sweep costs in minutes, by id: from its items, its words and its model, and from how long the tasks
 * took that are done. Opens no model, and nothing that planning did not open.
 */
export async function studyCost(
  workspace: Workspace,
  sweep: Sweep,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TaskCost>> {
  const counting = new Counting(workspace, signal);
  const sizes = new Map<string, TaskSize>();
  const seconds = new Map<string, number>();
  for (const task of sweep.manifest.tasks) {
    sizes.set(task.id, await counting.sizeOf(task));
    const { attempt } = await lastAttempt(sweep, task);
    if (attempt?.end?.outcome === 'done') seconds.set(task.id, attempt.end.seconds);
  }
  return taskCosts(sweep.manifest.tasks, ({ id }) => sizes.get(id)!, seconds);
}
