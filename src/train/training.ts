import type { Factors, TrainBatch, Trainer } from '../engine/trainer.ts';
import { batchOf, epochOrder, packed, type Sequence, usualWeight } from './batches.ts';
import { type Checkpoint, readCheckpoint, type Standing, writeCheckpoint } from './checkpoint.ts';
import { rateAt } from './learning-rate.ts';
import { isPair, Preference } from './preference.ts';
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
  /** How much is known of how likely pairs are before training, which they are held against. */
  | { readonly kind: 'reference'; readonly done: number; readonly of: number }
  /** The objective's loss on the dev scenes, in nats a token learned: their likelihood, unless there are pairs. */
  | { readonly kind: 'dev'; readonly step: number; readonly nll: number; readonly isBest: boolean }
  | { readonly kind: 'kept'; readonly step: number }
  | { readonly kind: 'end'; readonly why: 'done' | 'early'; readonly best: Standing['best'] };

export interface TrainingOptions {
  readonly trainer: Trainer;
  readonly recipe: Recipe;
  readonly train: readonly Sequence[];
  /** Without any, nothing is looked at and the last step is what is kept. */
  readonly dev: readonly Sequence[];
  /** What to begin with in place of an adapter that does nothing. */
  readonly from?: readonly Factors[] | undefined;
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
  const dev = packed(options.dev, recipe.batchTokens);
  const usual = usualWeight(options.train);
  const epochs = Array.from({ length: recipe.epochs }, (_, epoch) =>
    packed(epochOrder(options.train, recipe.seed, epoch), recipe.batchTokens),
  );
  const plan = epochs.flatMap((batches, epoch) => {
    const looks = looksAfter(batches.length, recipe.looks);
    return batches.map((sequences, i) => ({ sequences, epoch, isLook: looks.has(i) }));
  });
  const { checkpoint, warnings } = await readCheckpoint(folder);
  let standing: Looked = { step: 0, worse: 0 };
  trainer.reset(recipe.seed);
  if (options.from) await trainer.take(options.from);
  const preference = preferenceOf(recipe);
  yield* refer(preference, trainer, [...dev, ...(epochs[0] ?? [])], signal);
  if (checkpoint) {
    const { state, ...rest } = checkpoint;
    await trainer.restore(state, rest.step);
    standing = rest;
  }
  const asked = dev.map((sequences) => ({ sequences, batch: write(sequences) }));
  const look = (): Promise<number> => lossOn(asked, trainer, preference, signal);
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
      yield { kind: 'dev', step: 0, nll: await look(), isBest: false };
    }
    while (standing.step < plan.length && standing.worse < recipe.patience) {
      await pause?.();
      signal?.throwIfAborted();
      const begin = performance.now();
      const { sequences, epoch, isLook } = plan[standing.step]!;
      const step = standing.step + 1;
      const plain = write(sequences, usual);
      const batch = preference
        ? await weighed(preference, trainer, sequences, plain, signal)
        : plain;
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
        loss: lossOf(nll, plain.weights),
        rate,
        norm,
        tokens: batch.tokens.length,
        learned: batch.rows.length,
        seconds: (performance.now() - begin) / 1000,
      };
      if (isLook && dev.length > 0) {
        const seen = await look();
        standing = await judged(standing, seen, trainer);
        yield { kind: 'dev', step, nll: seen, isBest: standing.worse === 0 };
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

/** Where a run stands, and the state of the best look. */
type Looked = Standing & { readonly bestState?: Float32Array | undefined };

/** After a look at dev. */
async function judged(standing: Looked, nll: number, trainer: Trainer): Promise<Looked> {
  const { step, best, worse } = standing;
  if (best !== undefined && nll >= best.nll) return { ...standing, worse: worse + 1 };
  return { step, worse: 0, best: { step, nll }, bestState: await trainer.save() };
}

function preferenceOf({ objective, beta }: Recipe): Preference | undefined {
  return objective === 'preference' ? new Preference(beta) : undefined;
}

/** Asks how likely the pairs of batches are before training. */
async function* refer(
  preference: Preference | undefined,
  trainer: Trainer,
  batches: readonly (readonly Sequence[])[],
  signal?: AbortSignal,
): AsyncGenerator<TrainingEvent, void> {
  if (!preference) return;
  const asked = batches.filter((sequences) => sequences.some(isPair));
  for (const [done, sequences] of asked.entries()) {
    yield { kind: 'reference', done, of: asked.length };
    preference.refer(sequences, await trainer.pass(batchOf(sequences), { signal }));
  }
}

/** A batch with the weights that its pairs have as the adapter is now. */
async function weighed(
  preference: Preference,
  trainer: Trainer,
  sequences: readonly Sequence[],
  batch: TrainBatch,
  signal?: AbortSignal,
): Promise<TrainBatch> {
  if (!sequences.some(isPair)) return batch;
  return preference.weigh(batch, sequences, await trainer.pass(batch, { signal }));
}

/** In nats a token that is to become likelier. */
async function lossOn(
  batches: readonly { readonly sequences: readonly Sequence[]; readonly batch: TrainBatch }[],
  trainer: Trainer,
  preference?: Preference,
  signal?: AbortSignal,
): Promise<number> {
  let [sum, count] = [0, 0];
  for (const { sequences, batch } of batches) {
    const nll = await trainer.pass(batch, { signal });
    nll.forEach((value, i) => {
      if (batch.weights[i]! <= 0) return;
      sum += value;
      count++;
    });
    sum += preference?.extra(sequences, nll) ?? 0;
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
