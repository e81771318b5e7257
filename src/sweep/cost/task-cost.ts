import { speedDefaults } from '../../engine/bench/bench-defaults.ts';
import { choiceDefaults } from '../../reinforce/choice-recipe.ts';
import { sceneTurns } from '../../stage/limits.ts';
import { recipeDefaults } from '../../train/recipe.ts';
import type { SweepTask } from '../manifest.ts';
import { namesIn } from '../study.ts';
import {
  growth,
  knowTokensAWord,
  ratedParameters,
  secondsAlone,
  secondsAnItem,
  secondsARepetition,
  secondsATurn,
  secondsToOpen,
  tokensAWord,
  tokensOfPage,
  trainedTokensPerSecond,
} from './rates.ts';

/** What the cost of a task depends on, counted without opening a model. */
export interface TaskSize {
  /** Millions of parameters of its model. */
  readonly parameters: number;
  /** Items of each task of an evaluation, by name. */
  readonly items: Readonly<Record<string, number>>;
  /** Words that the character says in the play; 0 where there is none. */
  readonly words: number;
  /** Scenes that are played. */
  readonly scenes: number;
}

export interface TaskCost {
  readonly minutes: number;
  /** Where the figure is from: a task of its kind that was done in this study, or rates of another machine. */
  readonly basis: 'measured here' | 'assumed';
}

/** Minutes that a task takes by the rates assumed. */
export function assumedCost(task: SweepTask, size: TaskSize): TaskCost {
  const seconds = secondsToOpen + secondsOf(task, size) * slowness(size);
  return { minutes: seconds / 60, basis: 'assumed' };
}

/**
 * The cost of every task: as long as its like took here, where one is done; else by the rates assumed, times how much longer
 * than these the tasks took that are done.
 *
 * @param seconds How long those took that are done, by id.
 */
export function taskCosts(
  tasks: readonly SweepTask[],
  sizeOf: (task: SweepTask) => TaskSize,
  seconds: ReadonlyMap<string, number>,
): ReadonlyMap<string, TaskCost> {
  const alike = new Map<string, number[]>();
  for (const task of tasks) {
    const took = seconds.get(task.id);
    if (took !== undefined) alike.set(likeOf(task), [...(alike.get(likeOf(task)) ?? []), took]);
  }
  const done = tasks.filter(({ id }) => seconds.has(id));
  const assumed = sum(done.map((task) => assumedCost(task, sizeOf(task)).minutes * 60));
  const factor = assumed === 0 ? 1 : sum(done.map(({ id }) => seconds.get(id)!)) / assumed;
  return new Map(
    tasks.map((task): [string, TaskCost] => {
      const like = alike.get(likeOf(task));
      if (like) return [task.id, { minutes: sum(like) / like.length / 60, basis: 'measured here' }];
      const { minutes } = assumedCost(task, sizeOf(task));
      return [task.id, { minutes: minutes * factor, basis: 'assumed' }];
    }),
  );
}

/** Tasks with the same words here take about as long, whoever the character is. */
const likeOf = ({ kind, point: { model, recipe, levers, tasks } }: SweepTask): string =>
  JSON.stringify([kind, model, recipe, levers, tasks]);

const slowness = ({ parameters }: TaskSize): number => (parameters / ratedParameters) ** growth;

function secondsOf(task: SweepTask, { items, words, scenes }: TaskSize): number {
  switch (task.kind) {
    case 'train': {
      if (task.argv[0] === 'reinforce') return reinforcedTokens(task) / trainedTokensPerSecond;
      const epochs = Number(optionOf(task, '--epochs') ?? recipeDefaults.epochs);
      const kinds = namesIn(optionOf(task, '--kinds') ?? 'scene');
      const tokens = tokensAWord + (kinds.includes('know') ? knowTokensAWord : 0);
      return (words * tokens * epochs) / trainedTokensPerSecond;
    }
    case 'eval':
      return sum(Object.entries(items).map(([name, n]) => n * secondsOfItem(task, name)));
    case 'scenes':
      return scenes * turnsOf(task) * secondsATurn;
    case 'speed':
      return namesIn(task.point.tasks ?? '').length * repetitionsOf(task) * secondsARepetition;
  }
}

function secondsOfItem({ argv }: SweepTask, name: string): number {
  const alone = argv.includes('--no-anchors') ? secondsAlone[name] : undefined;
  return alone ?? secondsAnItem[name] ?? 1;
}

/** Tokens that learning from rewards reads: those of its steps, and those of its looks, the first before it learns. */
function reinforcedTokens(task: SweepTask): number {
  const { steps, batchTokens, looksEvery, lookPages } = choiceDefaults;
  const given = (name: string, usual: number): number => Number(optionOf(task, name) ?? usual);
  const taken = given('--steps', steps);
  const looks = 1 + Math.ceil(taken / given('--looks-every', looksEvery));
  return (
    taken * given('--batch', batchTokens) + looks * given('--look-pages', lookPages) * tokensOfPage
  );
}

/** Turns of a scene unless the study says otherwise. */
const turnsOf = (task: SweepTask): number => Number(optionOf(task, '--turns') ?? sceneTurns);

const repetitionsOf = (task: SweepTask): number =>
  Number(optionOf(task, '--repetitions') ?? speedDefaults.repetitions);

/** What stands behind an option of a task's command. */
export function optionOf({ argv }: Pick<SweepTask, 'argv'>, name: string): string | undefined {
  const at = argv.indexOf(name);
  return at < 0 ? undefined : argv[at + 1];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
