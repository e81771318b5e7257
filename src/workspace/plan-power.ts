import { DramatisError } from '../errors.ts';
import { itemsOf } from '../eval/run/evaluate.ts';
import { type Split, splits } from '../eval/run/run-size.ts';
import { spreadOf } from '../eval/task-spread.ts';
import { tasksNamed } from '../eval/tasks/all.ts';
import { type Power, powerOf, type Spread } from '../measure/statistics/power.ts';
import { type OpenedSource, openSource } from './open-source.ts';
import { canonIds } from './runs/canon-run.ts';
import type { Workspace } from './workspace.ts';

export interface PowerOptions {
  /** Names of tasks; all unless given. */
  readonly tasks?: readonly string[] | undefined;
  readonly play?: string | undefined;
  readonly character?: string | undefined;
  /** Ids or files of several plays. */
  readonly plays?: readonly string[] | undefined;
  /** All plays of the catalogue, or with `playFold` those of a fold. */
  readonly canon?: boolean | undefined;
  readonly playFold?: number | undefined;
  readonly split?: Split | undefined;
  /** Items of each task and play, at most. */
  readonly limit?: number | undefined;
  /** Correlation of two models' values on the same item. */
  readonly alike: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a run of one task could tell. */
export interface PlannedTask extends Power {
  readonly task: string;
  /** The name of its first metric. */
  readonly metric: string;
  readonly unit: string;
  readonly floor: number | null;
  readonly ceiling: number | null;
  /** What the figures are worked out with, and whether it was measured for this task. */
  readonly spread: Spread & { readonly isMeasured: boolean };
}

/**
 * What a run could tell, task by task, from the items it would ask: no model is opened. Only tasks whose first figure is a
 * share are planned, since others have no scale to say how far their values spread.
 *
 * @throws {DramatisError} USAGE if no play is named, or a task that is named has no share; what `openSource` throws.
 */
export async function planPower(
  workspace: Workspace,
  options: PowerOptions,
): Promise<readonly PlannedTask[]> {
  const { tasks: named = [], split = splits[0], limit, alike } = options;
  const tasks = tasksNamed(named);
  const planned = tasks.filter(({ metrics }) => metrics[0]?.unit === 'share');
  const other = tasks.find((task) => !planned.includes(task));
  if (named.length > 0 && other)
    throw new DramatisError('USAGE', `${other.name} has no share as its first figure`, {
      remedy: `Plan ${planned.map(({ name }) => name).join(', ') || 'who, stage or next'}.`,
    });
  const sources = await sourcesOf(workspace, options);
  return planned.map((task) => {
    const sizes = sources.map((source) => {
      const counts = new Map<string, number>();
      const items = itemsOf(task, { source, split }, limit);
      for (const { scene } of items.filter(task.metrics[0]!.isOf ?? (() => true)))
        counts.set(scene, (counts.get(scene) ?? 0) + 1);
      return [...counts.values()];
    });
    const spread = spreadOf(task.name);
    const { name: metric, unit, floor = null, ceiling = null } = task.metrics[0]!;
    return {
      task: task.name,
      metric,
      unit,
      floor,
      ceiling,
      spread,
      ...powerOf(sizes, spread, alike),
    };
  });
}

async function sourcesOf(
  workspace: Workspace,
  { play, character, plays, canon = false, playFold, signal }: PowerOptions,
): Promise<readonly OpenedSource[]> {
  if (!canon && plays === undefined)
    return [await openSource(workspace, { play, character }, signal)];
  const sources: OpenedSource[] = [];
  for (const id of canonIds({ plays, playFold }))
    sources.push(await openSource(workspace, { play: id }, signal));
  return sources;
}
