import type { Trainer } from '../engine/trainer.ts';
import { type TrainingEvent, training } from '../train/training.ts';
import type { ChoiceItem } from './choice-item.ts';
import { byLikelihood, byReward, ChoiceObjective, taskWeights } from './choice-objective.ts';
import { choicePlan } from './choice-plan.ts';
import type { ChoiceRecipe } from './choice-recipe.ts';
import { alonePagesOf, type Page, pagesOf } from './page.ts';
import { permuteRewards } from './permute-rewards.ts';
import { lookedAt } from './shadow.ts';

/** What a look at the shadow items says: they are from the same plays and are never learned. */
export interface Look {
  /** Optimiser steps before it; 0: the model before anything was learned. */
  readonly step: number;
  /** Expected reward of choosing by the scores. */
  readonly reward: number;
  /** How often the likeliest answer is a right one, over all and by group. */
  readonly accuracy: number;
  readonly accuracyBy: Readonly<Record<string, number>>;
  /** Entropy of the choice, in nats. */
  readonly entropy: number;
  /** Nats by which answers without a page have moved apart since before training. */
  readonly drift: number;
}

/** What a run of reinforcement reports, in order. */
export type ReinforcingEvent =
  | {
      readonly kind: 'start';
      readonly steps: number;
      /** Steps after which every page was learned once. */
      readonly stepsAnEpoch: number;
      /** The step whose checkpoint a resumed run goes on from; 0 for a new one. */
      readonly from: number;
      readonly warnings: readonly string[];
    }
  /** Progress of asking all questions without their pages, before the first step. */
  | { readonly kind: 'reference'; readonly done: number; readonly of: number }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly epoch: number;
      /** Expected reward of this step's questions, before the step was taken. */
      readonly reward: number;
      readonly accuracy: number;
      readonly entropy: number;
      /** L2 norm of all gradients, before clipping. */
      readonly norm: number;
      readonly rate: number;
      /** Tokens that were read. */
      readonly tokens: number;
      readonly seconds: number;
    }
  | ({ readonly kind: 'look'; readonly isBest: boolean } & Look)
  | { readonly kind: 'checkpoint'; readonly step: number }
  /** `early`: the shadow got no better in so many looks; `time`: `isOver` said so. The trainer holds the best look. */
  | {
      readonly kind: 'end';
      readonly why: 'done' | 'early' | 'time';
      readonly best: { readonly step: number; readonly reward: number } | undefined;
    };

export interface ReinforcingOptions {
  readonly trainer: Trainer;
  readonly recipe: ChoiceRecipe;
  readonly learned: readonly ChoiceItem[];
  /** Never learned: the run is stopped by them. */
  readonly shadow: readonly ChoiceItem[];
  /** Where checkpoints are written. */
  readonly folder: string;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds?: number | undefined;
  /** Asked between steps: whether the run is to end with what it has. */
  readonly isOver?: (() => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Learns to choose until the steps are done, the shadow items have got no better for long enough, or time is over; the
 * trainer then holds the best that was looked at. It is the training loop with another objective: a run that was ended
 * goes on from its last checkpoint to the same figures, and a signal that aborts leaves a checkpoint.
 *
 * @throws {DramatisError} DATA_REFUSED for items that cannot be learned; STORE_UNWRITABLE, NATIVE_FAILED; `signal.reason`.
 */
export async function* reinforcing(
  options: ReinforcingOptions,
): AsyncGenerator<ReinforcingEvent, void> {
  const { trainer, recipe, folder, checkpointSeconds, isOver, signal } = options;
  const { batchTokens, seed, control } = recipe;
  const items =
    control === 'permuted' ? permuteRewards(options.learned, seed) : [...options.learned];
  const pages = pagesOf(items, batchTokens);
  const looked = lookedAt(options.shadow, recipe);
  const alone = alonePagesOf([...items, ...looked], batchTokens);
  for await (const event of training({
    trainer,
    recipe,
    objective: new ChoiceObjective(
      { pages: alone, batchTokens },
      {
        rule: control === 'likelihood' ? byLikelihood : byReward,
        weights: taskWeights(items),
      },
    ),
    plan: choicePlan(pages, recipe),
    dev: [...pagesOf(looked, batchTokens), ...alonePagesOf(looked, batchTokens)],
    folder,
    ...(checkpointSeconds !== undefined && { checkpointSeconds }),
    isOver,
    signal,
  }))
    yield eventOf(event);
}

/** How many pages and questions a run has, and how many tokens it reads to learn each question once. */
export function sizeOf(items: readonly ChoiceItem[], { batchTokens }: ChoiceRecipe) {
  const pages: readonly Page[] = pagesOf(items, batchTokens);
  return {
    pages: pages.length,
    questions: items.length,
    tokens: pages.reduce((sum, { tokens }) => sum + tokens.length, 0),
  };
}

function eventOf(event: TrainingEvent): ReinforcingEvent {
  switch (event.kind) {
    case 'step': {
      const { step, epoch, norm, rate, tokens, seconds, figures } = event;
      const { reward, accuracy, entropy } = figures as StepFigures;
      const went = { step, epoch, norm, rate, tokens, seconds };
      return { kind: 'step', ...went, reward, accuracy, entropy };
    }
    case 'dev':
      return { kind: 'look', isBest: event.isBest, ...lookOf(event.step, event.figures!) };
    case 'end': {
      const { why, best } = event;
      return { kind: 'end', why, best: best && { step: best.step, reward: 1 - best.nll } };
    }
    default:
      return event;
  }
}

type StepFigures = Pick<Look, 'reward' | 'accuracy' | 'entropy'>;

const byGroup = 'accuracy ';

function lookOf(step: number, figures: Readonly<Record<string, number>>): Look {
  const { reward, accuracy, entropy, drift } = figures as StepFigures & Pick<Look, 'drift'>;
  const groups = Object.entries(figures).flatMap(([name, value]) =>
    name.startsWith(byGroup) ? [[name.slice(byGroup.length), value] as const] : [],
  );
  return { step, reward, accuracy, accuracyBy: Object.fromEntries(groups), entropy, drift };
}
