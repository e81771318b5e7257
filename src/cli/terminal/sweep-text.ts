import type { Manifest, SweepTask } from '../../sweep/manifest.ts';
import { logOf, type TaskEnd } from '../../sweep/run-task.ts';
import { countStates, type TaskStatus } from '../../sweep/sweep-status.ts';
import { duration } from './eval-progress.ts';

/** What a plan holds, such as "12 tasks: 6 train, 6 eval, each with 2 processors …". */
export function planText({ tasks, inputs }: Manifest): string {
  const kinds = (['train', 'eval', 'scenes', 'speed'] as const).flatMap((kind) => {
    const of = tasks.filter((task) => task.kind === kind);
    const first = of[0]?.resources;
    if (!first) return [];
    const gpus = first.gpus > 0 ? `${first.gpus} GPUs, ` : '';
    const needs = `${first.cpus} processors, ${gpus}${first.memMiB} MiB, ${first.minutes} min`;
    return [`${of.length} ${kind} (${needs} each)`];
  });
  return `${tasks.length} tasks: ${kinds.join(', ')}; ${inputs.length} inputs are here and were hashed`;
}

/** How a task ended, such as "train-… : done, 12 s". */
export function endText(task: SweepTask, end: TaskEnd): string {
  const { outcome, attempts, seconds, exit, reason } = end;
  if (outcome === 'done')
    return `${task.label}: ${attempts === 0 ? 'was done' : `done, ${duration(seconds)}`}`;
  if (outcome === 'stopped') return `${task.label}: stopped and saved; run it again to go on`;
  return `${task.label}: ${outcome} (${exit}), ${reason}; see ${logOf(task)}`;
}

/** Counts, then each task that is under way or went wrong. */
export function statusText(statuses: readonly TaskStatus[]): string {
  const counts = Object.entries(countStates(statuses)).filter(([, count]) => count > 0);
  const lines = statuses
    .filter(
      ({ state, damage }) => state !== 'done' && (state !== 'waiting' || damage !== undefined),
    )
    .map(({ task, state, attempts, last, damage }) => {
      const where = last ? ` (${[`try ${attempts}`, last.host].join(', ')})` : '';
      const why = state === 'failed' ? `: ${last?.end?.reason}; see ${logOf(task)}` : '';
      const lost = state === 'ended' ? ': it was killed, or its machine was lost' : '';
      const damaged = damage === undefined ? '' : `: ${damage}`;
      return `  ${state}  ${task.label}${where}${why}${lost}${damaged}`;
    });
  return [counts.map(([state, count]) => `${count} ${state}`).join(', '), ...lines].join('\n');
}

/** Where tasks stand, as `--json` prints it. */
export function statusJson(statuses: readonly TaskStatus[]): object {
  return {
    counts: countStates(statuses),
    tasks: statuses.map(({ task: { index, id, label }, state, attempts, last, damage }) => ({
      ...{ index, id, label, state, attempts },
      last: last ?? null,
      ...(damage !== undefined && { damage }),
    })),
  };
}
