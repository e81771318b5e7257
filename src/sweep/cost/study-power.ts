import { spreadOf } from '../../eval/task-spread.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import { detectableOf } from '../../measure/statistics/difference.ts';
import { powerOf } from '../../measure/statistics/power.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Sweep, SweepTask } from '../manifest.ts';
import { Counting } from './counting.ts';

/** What a study could show in a task, with a model: from how many items, and how great a difference must be. */
export interface AskedPower {
  readonly task: string;
  readonly model: string;
  /** Those that the task's first figure is made from. */
  readonly items: number;
  readonly scenes: number;
  readonly characters: number;
  /**
   * Least difference between two recipes of the model that 80 of 100 runs would show, as the report works it out: the mean
   * over characters. NaN where the scenes are too few to tell.
   */
  readonly least: number;
}

/** How alike two models answer an item: what `dramatis eval power` assumes. */
const alikeAssumed = 0.9;

/**
 * What a study could show at all, by task and model, from the items that it asks: tasks whose figure is a share. No model
 * is opened.
 */
export async function studyPower(
  workspace: Workspace,
  { manifest }: Pick<Sweep, 'manifest'>,
  signal: AbortSignal,
): Promise<AskedPower[]> {
  const counting = new Counting(workspace, signal);
  const asked = new Map<string, Map<string, readonly number[]>>();
  for (const task of manifest.tasks.filter(({ kind }) => kind === 'eval'))
    for (const [name, { counted }] of Object.entries(await counting.scenesAsked(task))) {
      const key = JSON.stringify([name, task.point.model]);
      const of = asked.get(key) ?? new Map<string, readonly number[]>();
      asked.set(key, of.set(characterOf(task), counted));
    }
  return [...asked]
    .map(([key, of]) => powerOfTask(key, [...of.values()]))
    .filter(({ task, items }) => items > 0 && isShare(task));
}

const characterOf = ({ argv, point }: SweepTask): string =>
  JSON.stringify([point.character, argv[argv.indexOf('--play') + 1]]);

const isShare = (task: string): boolean =>
  allTasks.find(({ name }) => name === task)?.metrics[0]?.unit === 'share';

function powerOfTask(key: string, characters: readonly (readonly number[])[]): AskedPower {
  const [task, model] = JSON.parse(key) as [string, string];
  const spread = spreadOf(task);
  const own = characters
    .filter((scenes) => scenes.length > 0)
    .map((scenes) => powerOf([scenes], spread, alikeAssumed));
  const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
  const stderr = Math.sqrt(sum(own.map((one) => one.stderr ** 2))) / own.length;
  const freedom = sum(own.map(({ clusters }) => clusters - 1));
  const isTold = own.length > 0 && own.every(({ fromFloor }) => Number.isFinite(fromFloor));
  return {
    ...{ task, model, characters: own.length },
    items: sum(own.map(({ items }) => items)),
    scenes: sum(own.map(({ scenes }) => scenes)),
    least: isTold ? detectableOf(stderr, freedom) * Math.sqrt(2 * (1 - alikeAssumed)) : Number.NaN,
  };
}
