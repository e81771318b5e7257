import type { Factors, TrainBatch, Trainer } from '../engine/trainer.ts';
import { batchOf, meanWeight, packed, type Sequence } from './batches.ts';
import { readCheckpoint, type TrainState, writeCheckpoint } from './checkpoint.ts';
import type {
  Found,
  Measure,
  Objective,
  ObjectiveFigures,
  ReadBatch,
} from './objectives/objective.ts';
import type { PlannedStep } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { turnBatchOf } from './turn-batch.ts';

export type TrainingEvent =
  | {
      readonly kind: 'start';
      readonly steps: number;
      readonly stepsAnEpoch: number;
      /** The step whose checkpoint a resumed run goes on from; 0 for a new one. */
      readonly from: number;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly epoch: number;
      /** Nats a token that is to become likelier; null for a step without any. */
      readonly loss: number | null;
      readonly rate: number;
      /** L2 norm of all gradients, before clipping. */
      readonly norm: number;
      /** Tokens that were read, and how many of them are predicted with a weight. */
      readonly tokens: number;
      readonly learned: number;
      readonly seconds: number;
      /** What the objective says of the step besides. */
      readonly figures?: ObjectiveFigures;
    }
  /** Progress of measuring what the loss is held against: batches done before training begins. */
  | { readonly kind: 'reference'; readonly done: number; readonly of: number }
  /** The objective's loss on the dev scenes, in nats a token that is to become likelier. */
  | {
      readonly kind: 'dev';
      readonly step: number;
      readonly nll: number;
      readonly isBest: boolean;
      readonly figures?: ObjectiveFigures;
    }
  | { readonly kind: 'checkpoint'; readonly step: number }
  /** `early`: the dev scenes got no better for long enough; `time`: `isOver` said so. */
  | {
      readonly kind: 'end';
      readonly why: 'done' | 'early' | 'time';
      readonly best: TrainState['best'];
    };

/** What the training loop takes of a recipe. */
export type Pace = Pick<
  Recipe,
  'scope' | 'batchTokens' | 'patience' | 'seed' | 'beta1' | 'beta2' | 'decay' | 'clip'
>;

export interface TrainingOptions {
  readonly trainer: Trainer;
  readonly recipe: Pace;
  /** Every step: for rows, see `planOf`. */
  readonly plan: readonly PlannedStep[];
  /** What is made smaller: that of the recipe, see `objectiveOf`. */
  readonly objective: Objective;
  /** Without any, nothing is evaluated and the last step is what is kept. */
  readonly dev: readonly Sequence[];
  /** Factors to begin with in place of an adapter that does nothing. */
  readonly from?: readonly Factors[] | undefined;
  /** Where checkpoints are written. */
  readonly folder: string;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds?: number;
  /** Awaited between steps: training pauses as long as it takes. */
  readonly pause?: () => Promise<void>;
  /** Asked between steps: whether the run is to end with what it has, as if its steps were done. */
  readonly isOver?: (() => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const defaultCheckpointSeconds = 30;

/** A run after a step, with the factors of its best evaluation. */
type Reached = TrainState & { readonly bestState?: Float32Array | undefined };

/**
 * Trains until the plan's steps are done or the dev scenes have not got better for long enough; the trainer then
 * holds the best that was evaluated. A run that was ended, however, goes on from its last checkpoint to the same figures.
 *
 * When the signal is raised the step in flight is given up and a checkpoint written.
 *
 * @throws {DramatisError} STORE_UNWRITABLE, NATIVE_FAILED; `signal.reason`.
 */
export async function* training(options: TrainingOptions): AsyncGenerator<TrainingEvent, void> {
  const { trainer, recipe, plan, folder, pause, isOver, signal } = options;
  const run = new Run(options);
  const firstEpoch = plan.filter(({ epoch }) => epoch === 0);
  const { checkpoint, warnings } = await readCheckpoint(folder);
  trainer.reset(recipe.seed);
  if (options.from) await trainer.take(options.from);
  yield* run.refer(firstEpoch.map(({ sequences }) => sequences));
  if (checkpoint) await run.restore(checkpoint);
  const stepsAnEpoch = firstEpoch.length;
  yield { kind: 'start', steps: plan.length, stepsAnEpoch, from: run.reached.step, warnings };
  try {
    // What there is to be better than; not a state to go back to.
    if (run.reached.step === 0 && run.hasDev)
      yield { kind: 'dev', step: 0, isBest: false, ...(await run.evaluate()) };
    if (run.owesEvaluation) yield await run.judge();
    while (run.isGoing && !isOver?.()) {
      await pause?.();
      signal?.throwIfAborted();
      const planned = plan[run.reached.step]!;
      yield await run.step(planned);
      if (planned.isEvaluated && run.hasDev) yield await run.judge();
      if (run.isCheckpointDue) {
        await run.writeCheckpoint();
        yield { kind: 'checkpoint', step: run.reached.step };
      }
    }
    if (run.isGoing && run.isUnjudged) yield await run.judge();
  } finally {
    // Also when the caller has heard enough, or a signal ended it: nothing that was learned is lost.
    await run.writeCheckpoint();
  }
  const { best, bestState } = run.reached;
  if (bestState) await trainer.restore(bestState, best!.step);
  yield { kind: 'end', why: run.why, best };
}

/** A trainer on its way through a plan. */
class Run {
  reached: Reached = { step: 0, evalsSinceBest: 0, lastEval: 0 };
  readonly #options: TrainingOptions;
  readonly #write: (sequences: readonly Sequence[], weight?: number) => TrainBatch;
  readonly #dev: readonly Omit<ReadBatch, 'nll'>[];
  /** Over all that is trained on, so that batches count alike: see `BatchWriter.done`. */
  readonly #meanWeight: number;
  #writtenAt = performance.now();
  #writtenStep = 0;

  constructor(options: TrainingOptions) {
    const { recipe, plan, dev } = options;
    this.#options = options;
    this.#write = recipe.scope === 'turn' ? turnBatchOf : batchOf;
    this.#meanWeight = meanWeight(
      plan.filter(({ epoch }) => epoch === 0).flatMap(({ sequences }) => sequences),
    );
    this.#dev = packed(dev, recipe.batchTokens).map((sequences) => ({
      sequences,
      batch: this.#write(sequences),
    }));
  }

  get hasDev(): boolean {
    return this.#dev.length > 0;
  }

  /** Whether there are steps to take, and the last evaluations speak for taking them. */
  get isGoing(): boolean {
    const { plan, recipe } = this.#options;
    const { step, evalsSinceBest } = this.reached;
    return step < plan.length && evalsSinceBest < recipe.patience;
  }

  /** Whether steps were taken that no evaluation has seen. */
  get isUnjudged(): boolean {
    return this.hasDev && this.reached.lastEval !== this.reached.step;
  }

  /** Whether the run was ended between a step and the evaluation that the plan has after it. */
  get owesEvaluation(): boolean {
    const { step, lastEval } = this.reached;
    const isPlanned = this.#options.plan[step - 1]?.isEvaluated ?? false;
    return isPlanned && lastEval !== undefined && this.isUnjudged;
  }

  get why(): 'done' | 'early' | 'time' {
    if (this.isGoing) return 'time';
    return this.reached.step < this.#options.plan.length ? 'early' : 'done';
  }

  /** What the objective is to go on with from here: a step that is given up halfway leaves what was before it. */
  get #kept(): Pick<TrainState, 'objective'> {
    const objective = this.#options.objective.save?.();
    return objective === undefined ? {} : { objective };
  }

  get #measure(): Measure {
    const { trainer, signal } = this.#options;
    return (batch) => trainer.pass(batch, { signal });
  }

  async *refer(firstEpoch: readonly (readonly Sequence[])[]): AsyncGenerator<TrainingEvent, void> {
    const batches = [...this.#dev.map(({ sequences }) => sequences), ...firstEpoch];
    for await (const progress of this.#options.objective.refer(batches, this.#measure))
      yield { kind: 'reference', ...progress };
  }

  async restore({ state, ...reached }: Reached & { readonly state: Float32Array }): Promise<void> {
    await this.#options.trainer.restore(state, reached.step);
    const { objective } = reached;
    if (objective !== undefined) this.#options.objective.restore?.(objective);
    this.reached = reached;
    this.#writtenStep = reached.step;
  }

  async step({ sequences, epoch, rate }: PlannedStep): Promise<TrainingEvent> {
    const { trainer, recipe, objective, signal } = this.#options;
    const begin = performance.now();
    const step = this.reached.step + 1;
    const asRows = this.#write(sequences, this.#meanWeight);
    const weighed = await objective.weigh(sequences, asRows, this.#measure);
    const { batch, lossWeights, figures } = weighed;
    const nll = await trainer.pass(batch, { noise: recipe.seed * 1_000_003 + step, signal });
    const { beta1, beta2, decay, clip } = recipe;
    const norm = await trainer.step({ rate, beta1, beta2, epsilon: 1e-8, decay, clip });
    this.reached = { ...this.reached, step, ...this.#kept };
    return {
      kind: 'step',
      step,
      epoch,
      loss: weightedMean(nll, lossWeights),
      rate,
      norm,
      tokens: batch.tokens.length,
      learned: batch.rows.length,
      seconds: (performance.now() - begin) / 1000,
      ...(figures && { figures }),
    };
  }

  /** The objective's loss on the dev scenes as the factors are now, and what else it says of them. */
  async evaluate(): Promise<Found> {
    const { objective, dev } = this.#options;
    if (objective.look) return objective.look(dev, this.#measure);
    const read: ReadBatch[] = [];
    for (const one of this.#dev) read.push({ ...one, nll: await this.#measure(one.batch) });
    const figures = objective.figures?.(read);
    return { nll: objective.loss(read), ...(figures && { figures }) };
  }

  /** Evaluates the dev scenes, and keeps the factors if they are the best so far. */
  async judge(): Promise<TrainingEvent> {
    const found = await this.evaluate();
    const { nll } = found;
    const { step, best, evalsSinceBest } = this.reached;
    // Not `<`: dev scenes without a token that counts have no loss, and then the last state is the best.
    const isBest = best === undefined || !(nll >= best.nll);
    this.reached = isBest
      ? {
          step,
          evalsSinceBest: 0,
          lastEval: step,
          best: { step, nll },
          bestState: await this.#options.trainer.save(),
          ...this.#kept,
        }
      : { ...this.reached, lastEval: step, evalsSinceBest: evalsSinceBest + 1, ...this.#kept };
    return { kind: 'dev', step, isBest, ...found };
  }

  get isCheckpointDue(): boolean {
    const { checkpointSeconds = defaultCheckpointSeconds } = this.#options;
    return performance.now() - this.#writtenAt > checkpointSeconds * 1000;
  }

  /** Writes a checkpoint, unless there is one of this step. */
  async writeCheckpoint(): Promise<void> {
    const { trainer, folder } = this.#options;
    if (this.#writtenStep === this.reached.step) return;
    await writeCheckpoint(folder, { ...this.reached, state: await trainer.save() });
    this.#writtenAt = performance.now();
    this.#writtenStep = this.reached.step;
  }
}

/** Mean over the targets with a weight above 0, each by its weight; null if there is none. */
function weightedMean(nll: Float32Array, weights: Float32Array): number | null {
  let [sum, total] = [0, 0];
  nll.forEach((value, i) => {
    const weight = weights[i]!;
    if (weight <= 0) return;
    sum += value * weight;
    total += weight;
  });
  return total > 0 ? sum / total : null;
}
