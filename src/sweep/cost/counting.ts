import { stat } from 'node:fs/promises';
import { itemsOf } from '../../eval/run/evaluate.ts';
import { routineItems, type Split, splits } from '../../eval/run/run-size.ts';
import type { Task } from '../../eval/task.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import { findEntry, models } from '../../hub/catalogue.ts';
import type { Item } from '../../measure/row.ts';
import { type OpenedSource, openSource } from '../../workspace/open-source.ts';
import { planSituations, sceneTasks } from '../../workspace/scenes/plan-scenes.ts';
import { usualSeeds } from '../../workspace/scenes/scene-run-options.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { SweepTask } from '../manifest.ts';
import { namesIn } from '../study.ts';
import { optionOf, type TaskSize } from './task-cost.ts';

/** Bytes of a weight in a file of four bits, with its scales: for models that the catalogue does not have. */
const bytesOfWeight = 0.73;

/** Items of each scene that are asked about, and those of them that the first figure of the task is made from. */
export interface ScenesAsked {
  readonly all: readonly number[];
  readonly counted: readonly number[];
}

/** Counts what tasks ask, without opening a model; each play is opened once, and each task's items are made once. */
export class Counting {
  readonly #workspace: Workspace;
  readonly #signal: AbortSignal;
  readonly #sources = new Map<string, Promise<OpenedSource>>();
  readonly #items = new Map<string, ScenesAsked>();

  constructor(workspace: Workspace, signal: AbortSignal) {
    this.#workspace = workspace;
    this.#signal = signal;
  }

  async sizeOf(task: SweepTask): Promise<TaskSize> {
    const parameters = await parametersOf(task.point.model);
    const size: TaskSize = { parameters, items: {}, words: 0, scenes: 0 };
    if (task.kind === 'speed') return size;
    if (task.kind === 'scenes') return { ...size, scenes: await this.#scenesOf(task) };
    if (task.kind === 'train') return { ...size, words: await this.#wordsOf(task) };
    const asked = Object.entries(await this.scenesAsked(task));
    const items = asked.map(([name, { all }]) => [name, all.reduce((a, b) => a + b, 0)]);
    return { ...size, items: Object.fromEntries(items) };
  }

  /** Items of each scene that an evaluation asks about, by the name of the task. */
  async scenesAsked(task: SweepTask): Promise<Readonly<Record<string, ScenesAsked>>> {
    return this.#itemsOf(task, await this.#sourceOf(task));
  }

  /** Words that a character says in the play; none where what is trained is of nobody. */
  async #wordsOf(task: SweepTask): Promise<number> {
    if (task.point.character === '') return 0;
    return (await this.#sourceOf(task)).character?.words ?? 0;
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

  #itemsOf(task: SweepTask, source: OpenedSource): Record<string, ScenesAsked> {
    const split = splits.find((one) => one === optionOf(task, '--split')) ?? splits[0];
    const limit = limitOf(task);
    return Object.fromEntries(
      tasksNamed(namesIn(task.point.tasks ?? '')).map((one) => {
        const key = JSON.stringify([source.id, source.character?.name, one.name, split, limit]);
        const count =
          this.#items.get(key) ?? sizesOf(one, () => itemsOf(one, { source, split }, limit));
        this.#items.set(key, count);
        return [one.name, count];
      }),
    );
  }

  async #scenesOf(task: SweepTask): Promise<number> {
    const named = namesIn(task.point.tasks ?? '');
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
function sizesOf({ metrics }: Task, items: () => readonly Item[]): ScenesAsked {
  try {
    const all = items();
    return { all: scenesOf(all), counted: scenesOf(all.filter(metrics[0]?.isOf ?? (() => true))) };
  } catch {
    return { all: [], counted: [] };
  }
}

function scenesOf(items: readonly Item[]): number[] {
  const sizes = new Map<string, number>();
  for (const { scene } of items) sizes.set(scene, (sizes.get(scene) ?? 0) + 1);
  return [...sizes.values()];
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
