import { stat } from 'node:fs/promises';
import { itemsOf } from '../../eval/run/evaluate.ts';
import { routineItems, type Split, splits } from '../../eval/run/run-size.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import { findEntry, models } from '../../hub/catalogue.ts';
import { type OpenedSource, openSource } from '../../workspace/open-source.ts';
import { planSituations, sceneTasks } from '../../workspace/scenes/plan-scenes.ts';
import { usualSeeds } from '../../workspace/scenes/scene-run-options.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { lastAttempt } from '../attempts.ts';
import type { Sweep, SweepTask } from '../manifest.ts';
import { optionOf, type TaskCost, type TaskSize, taskCosts } from './task-cost.ts';

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

/** Bytes of a weight in a file of four bits, with its scales: for models that the catalogue does not have. */
const bytesOfWeight = 0.73;

/** Counts what tasks ask; each play is opened once, and each task's items are made once. */
class Counting {
  readonly #workspace: Workspace;
  readonly #signal: AbortSignal;
  readonly #sources = new Map<string, Promise<OpenedSource>>();
  readonly #items = new Map<string, number>();

  constructor(workspace: Workspace, signal: AbortSignal) {
    this.#workspace = workspace;
    this.#signal = signal;
  }

  async sizeOf(task: SweepTask): Promise<TaskSize> {
    const parameters = await parametersOf(task.point.model);
    const size: TaskSize = { parameters, items: {}, words: 0, scenes: 0 };
    if (task.kind === 'speed') return size;
    if (task.kind === 'scenes') return { ...size, scenes: await this.#scenesOf(task) };
    const source = await this.#sourceOf(task);
    if (task.kind === 'train') return { ...size, words: source.character?.words ?? 0 };
    return { ...size, items: this.#itemsOf(task, source) };
  }

  #sourceOf(task: SweepTask): Promise<OpenedSource> {
    const { character } = task.point;
    const play = optionOf(task, '--play');
    const key = JSON.stringify([play, character]);
    const found =
      this.#sources.get(key) ?? openSource(this.#workspace, { character, play }, this.#signal);
    this.#sources.set(key, found);
    return found;
  }

  #itemsOf(task: SweepTask, source: OpenedSource): Record<string, number> {
    const split = splits.find((one) => one === optionOf(task, '--split')) ?? splits[0];
    const limit = limitOf(task);
    return Object.fromEntries(
      tasksNamed((task.point.tasks ?? '').split(/[\s,]+/)).map((one) => {
        const key = JSON.stringify([source.id, source.character?.name, one.name, split, limit]);
        const count = this.#items.get(key) ?? countOf(() => itemsOf(one, { source, split }, limit));
        this.#items.set(key, count);
        return [one.name, count];
      }),
    );
  }

  async #scenesOf(task: SweepTask): Promise<number> {
    const named = (task.point.tasks ?? '').split(/[\s,]+/);
    const planned = await planSituations(
      this.#workspace,
      sceneTasks.filter((one) => named.includes(one)),
      {
        play: optionOf(task, '--play'),
        split: splitPart(optionOf(task, '--split')),
        limit: Number(optionOf(task, '--limit') ?? Number.POSITIVE_INFINITY),
      },
      this.#signal,
    );
    const situations = [...planned.values()].reduce((sum, { length }) => sum + length, 0);
    const arms = ['--settings', '--policies'].flatMap(
      (name) => optionOf(task, name)?.split(',') ?? [],
    );
    return situations * Number(optionOf(task, '--seeds') ?? usualSeeds) * (1 + arms.length);
  }
}

function limitOf(task: SweepTask): number | undefined {
  const given = optionOf(task, '--limit');
  if (given === 'all') return undefined;
  return given === undefined ? routineItems : Number(given);
}

/** A task that has nothing to ask says so when it is run. */
function countOf(items: () => readonly unknown[]): number {
  try {
    return items().length;
  } catch {
    return 0;
  }
}

const splitPart = (given: string | undefined): Exclude<Split, 'shadow' | 'all'> | undefined =>
  (['holdout', 'dev', 'train'] as const).find((one) => one === given);

/** Millions of parameters of a model, by the catalogue or by the length of its file. */
async function parametersOf(model: string): Promise<number> {
  const entry = findEntry(models(), model);
  if (entry) return entry.parameters;
  const bytes = await stat(model).then(
    ({ size }) => size,
    () => 1e9,
  );
  return bytes / bytesOfWeight / 1e6;
}
