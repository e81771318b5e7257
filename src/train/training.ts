import type { Trainer } from '../engine/trainer.ts';
import { batchOf, epochOrder, packed, type Sequence, usualWeight } from './batches.ts';
import { type Checkpoint, readCheckpoint, type Standing, writeCheckpoint } from './checkpoint.ts';
import { rateAt } from './learning-rate.ts';
import type { Recipe } from './recipe.ts';
import { turnBatchOf } from './turn-batch.ts';

export type TrainingEvent =
  | {
      readonly kind: 'start';
      readonly steps: number;
      readonly stepsAnEpoch: number;
      /** The step that a kept run goes on from; 0 for a new one. */
      readonly from: number;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly epoch: number;
      /** Nats a token learned; null for a step on nothing but what is unlearned. */
      readonly loss: number | null;
      readonly rate: number;
      /** Of the gradients, before clipping. */
      readonly norm: number;
      /** All that were read, and those of them that were learned. */
      readonly tokens: number;
      readonly learned: number;
      readonly seconds: number;
    }
  /** `nll` of the dev scenes in nats a token. */
  | { readonly kind: 'dev'; readonly step: number; readonly nll: number; readonly isBest: boolean }
  | { readonly kind: 'kept'; readonly step: number }
  | { readonly kind: 'end'; readonly why: 'done' | 'early'; readonly best: Standing['best'] };

export interface TrainingOptions {
  readonly trainer: Trainer;
  readonly recipe: Recipe;
  readonly train: readonly Sequence[];
  /** Without any, nothing is looked at and the last step is what is kept. */
  readonly dev: readonly Sequence[];
  /** Of the checkpoints. */
  readonly folder: string;
  /** Seconds between checkpoints. */
  readonly keepEvery?: number;
  /** Awaited between steps: training pauses as long as it takes. */
  readonly pause?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

const defaultKeepEvery = 30;

/**
 * Trains until the recipe's epochs are over or the dev scenes have not got better for long enough; the trainer then
 * holds the best that was seen. A run that was ended, however, goes on from its last checkpoint to the same figures.
 *
 * When the signal is raised the step in flight is given up and a checkpoint written.
 *
 * @throws {DramatisError} STORE_UNWRITABLE, NATIVE_FAILED; `signal.reason`.
 */
export async function* training(options: TrainingOptions): AsyncGenerator<TrainingEvent, void> {
  const { trainer, recipe, folder, keepEvery = defaultKeepEvery, pause, signal } = options;
  const write = recipe.scope === 'turn' ? turnBatchOf : batchOf;
  const dev = packed(options.dev, recipe.batchTokens).map((one) => write(one));
  const usual = usualWeight(options.train);
  const epochs = Array.from({ length: recipe.epochs }, (_, epoch) =>
    packed(epochOrder(options.train, recipe.seed, epoch), recipe.batchTokens),
  );
  const plan = epochs.flatMap((batches, epoch) => {
    const looks = looksAfter(batches.length, recipe.looks);
    return batches.map((sequences, i) => ({ sequences, epoch, isLook: looks.has(i) }));
  });
  const { checkpoint, warnings } = await readCheckpoint(folder);
  let standing: Standing & { bestState?: Float32Array | undefined } = { step: 0, worse: 0 };
  if (checkpoint) {
    const { state, ...rest } = checkpoint;
    await trainer.restore(state, rest.step);
    standing = rest;
  } else {
    trainer.reset(recipe.seed);
  }
  let keptAt = performance.now();
  let keptStep = standing.step;
  const keep = async (): Promise<void> => {
    if (keptStep === standing.step) return;
    const state = await trainer.save();
    await writeCheckpoint(folder, { ...standing, state } satisfies Checkpoint);
    keptAt = performance.now();
    keptStep = standing.step;
  };
  yield {
    kind: 'start',
    steps: plan.length,
    stepsAnEpoch: epochs[0]?.length ?? 0,
    from: standing.step,
    warnings,
  };
  try {
    if (standing.step === 0 && dev.length > 0) {
      // What there is to be better than; not a state to go back to.
      yield { kind: 'dev', step: 0, nll: await look(trainer, dev, signal), isBest: false };
    }
    while (standing.step < plan.length && standing.worse < recipe.patience) {
      await pause?.();
      signal?.throwIfAborted();
      const begin = performance.now();
      const { sequences, epoch, isLook } = plan[standing.step]!;
      const step = standing.step + 1;
      const batch = write(sequences, usual);
      const nll = await trainer.pass(batch, { noise: recipe.seed * 1_000_003 + step, signal });
      const rate = rateAt(step, plan.length, recipe);
      const norm = await trainer.step({
        rate,
        beta1: recipe.beta1,
        beta2: recipe.beta2,
        epsilon: 1e-8,
        decay: recipe.decay,
        clip: recipe.clip,
      });
      standing = { ...standing, step };
      yield {
        kind: 'step',
        step,
        epoch,
        loss: lossOf(nll, batch.weights),
        rate,
        norm,
        tokens: batch.tokens.length,
        learned: batch.rows.length,
        seconds: (performance.now() - begin) / 1000,
      };
      if (isLook && dev.length > 0) {
        const seen = await look(trainer, dev, signal);
        const isBest = standing.best === undefined || seen < standing.best.nll;
        standing = isBest
          ? { step, worse: 0, best: { step, nll: seen }, bestState: await trainer.save() }
          : { ...standing, worse: standing.worse + 1 };
        yield { kind: 'dev', step, nll: seen, isBest };
      }
      if (performance.now() - keptAt > keepEvery * 1000) {
        await keep();
        yield { kind: 'kept', step };
      }
    }
  } finally {
    // Also when the caller has heard enough, or a signal ended it: nothing that was learned is lost.
    await keep();
  }
  if (standing.bestState) await trainer.restore(standing.bestState, standing.best!.step);
  yield {
    kind: 'end',
    why: standing.step < plan.length ? 'early' : 'done',
    best: standing.best,
  };
}

/** Indices of the batches of an epoch after which the dev scenes are asked: evenly spread, the last among them. */
function looksAfter(batches: number, looks: number): ReadonlySet<number> {
  return new Set(
    Array.from({ length: looks }, (_, i) => Math.ceil(((i + 1) * batches) / looks) - 1),
  );
}

/** Nats a token that is to become likelier. */
async function look(
  trainer: Trainer,
  dev: readonly ReturnType<typeof batchOf>[],
  signal?: AbortSignal,
): Promise<number> {
  let [sum, count] = [0, 0];
  for (const batch of dev) {
    const nll = await trainer.pass(batch, { signal });
    nll.forEach((value, i) => {
      if (batch.weights[i]! <= 0) return;
      sum += value;
      count++;
    });
  }
  return sum / count;
}

/** Mean over what is to become likelier, each by its weight; null if nothing is. */
function lossOf(nll: Float32Array, weights: Float32Array): number | null {
  let [sum, total] = [0, 0];
  nll.forEach((value, i) => {
    const weight = weights[i]!;
    if (weight <= 0) return;
    sum += value * weight;
    total += weight;
  });
  return total > 0 ? sum / total : null;
}
