import type { TrainBatch } from '../../engine/trainer.ts';
import type { Sequence } from '../batches.ts';

/** A pass over a batch that adds no gradients: −log p of each of its targets, in nats. */
export type Measure = (batch: TrainBatch) => Promise<Float32Array>;

/** A batch that was read. */
export interface ReadBatch {
  readonly sequences: readonly Sequence[];
  readonly batch: TrainBatch;
  /** −log p of each target, in nats. */
  readonly nll: Float32Array;
}

/** What one step of the optimiser is taken on. */
export interface WeighedBatch {
  /** The batch, with weights that have the slope of the loss: the gradient of a target is its weight times that of its −log p. */
  readonly batch: TrainBatch;
  /** One a target, for the loss that a step reports: the mean −log p of targets with a weight above 0, by weight. */
  readonly lossWeights: Float32Array;
  readonly figures?: ObjectiveFigures | undefined;
}

/** What an objective says of a batch, or of the dev scenes, beside the loss. */
export type ObjectiveFigures = Readonly<Record<string, number>>;

/** What the dev scenes say: the objective's loss on them, and figures beside. */
export interface Found {
  readonly nll: number;
  readonly figures?: ObjectiveFigures;
}

/**
 * What training makes smaller. The training loop knows this interface and no objective: it asks for the weights of each
 * step, takes the step, and asks now and then for the loss on the dev scenes.
 *
 * What an objective needs besides, such as a session to draw rollouts with, it is made with. `weigh` may answer with other
 * texts than it is given: with rollouts of the sequences' prompts, weighed by their advantages.
 */
export interface Objective {
  /**
   * Notes, before the first step, what the loss is held against later. Called again when a run is resumed, at the same
   * factors.
   *
   * @param batches Those of the dev scenes and of the first epoch, in which every text stands once.
   */
  refer(
    batches: readonly (readonly Sequence[])[],
    measure: Measure,
  ): AsyncIterable<{ readonly done: number; readonly of: number }>;

  /** @param batch The sequences, weighed as their rows say. */
  weigh(sequences: readonly Sequence[], batch: TrainBatch, measure: Measure): Promise<WeighedBatch>;

  /** The loss on all batches of the dev scenes, in nats a token that is to become likelier. */
  loss(read: readonly ReadBatch[]): number;

  /** What else there is to say of the dev scenes. */
  figures?(read: readonly ReadBatch[]): ObjectiveFigures;

  /** Asks the dev scenes in a way of its own, where their texts as they stand are not what is asked. */
  look?(dev: readonly Sequence[], measure: Measure): Promise<Found>;

  /** What later steps depend on besides the factors, as plain data: it is kept with every checkpoint. */
  save?(): unknown;

  /** Goes on from what `save` gave. */
  restore?(kept: unknown): void;
}

/** The mean −log p of what is to become likelier, in nats a token, with what each batch adds to the sum. */
export function meanLoss(
  read: readonly ReadBatch[],
  added: (one: ReadBatch) => number = () => 0,
): number {
  let [sum, count] = [0, 0];
  for (const one of read) {
    one.nll.forEach((value, i) => {
      if (one.batch.weights[i]! <= 0) return;
      sum += value;
      count++;
    });
    sum += added(one);
  }
  return sum / count;
}
