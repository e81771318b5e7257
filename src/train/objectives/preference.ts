import type { TrainBatch } from '../../engine/trainer.ts';
import { batchOf, type Sequence } from '../batches.ts';
import { isPair, type Pair } from '../pair.ts';
import {
  type Measure,
  meanLoss,
  type Objective,
  type ReadBatch,
  type WeighedBatch,
} from './objective.ts';

/**
 * Direct preference optimisation (Rafailov et al., 2023) beside the likelihood of what is preferred: with Δ for how much
 * further ahead the preferred is of the rejected than it was before training, in nats, a pair adds
 *
 *     Σ −log p(preferred) + (2c / β) · −log σ(βΔ)
 *
 * where c is the size of the rejected tokens' weights. Its slope is that of a likelihood in which each rejected token
 * counts −2c·σ(−βΔ), and each preferred one as much more: −c to begin with, and less the further the two are apart, which
 * is its bound. Sequences that are no pairs count as in `likelihood`.
 */
export class Preference implements Objective {
  readonly #beta: number;
  readonly #before = new Map<string, number>();

  constructor(beta: number) {
    this.#beta = beta;
  }

  async *refer(
    batches: readonly (readonly Sequence[])[],
    measure: Measure,
  ): AsyncGenerator<{ readonly done: number; readonly of: number }> {
    const paired = batches.filter((sequences) => sequences.some(isPair));
    for (const [done, sequences] of paired.entries()) {
      yield { done, of: paired.length };
      const nll = await measure(batchOf(sequences));
      for (const { pair, gap } of gaps(sequences, nll)) this.#before.set(pair.id, gap);
    }
  }

  /** Measures a batch that has pairs once more: how they weigh follows from how far apart they are now. */
  async weigh(
    sequences: readonly Sequence[],
    batch: TrainBatch,
    measure: Measure,
  ): Promise<WeighedBatch> {
    const lossWeights = batch.weights;
    if (!sequences.some(isPair)) return { batch, lossWeights };
    return { batch: this.#weighed(sequences, batch, await measure(batch)), lossWeights };
  }

  loss(read: readonly ReadBatch[]): number {
    return meanLoss(read, (one) => this.#extra(one));
  }

  /** The batch with weights that have the slope of the loss where `nll` is. */
  #weighed(sequences: readonly Sequence[], batch: TrainBatch, nll: Float32Array): TrainBatch {
    const weights = Float32Array.from(batch.weights);
    const plain = new Uint8Array(weights.length);
    for (const { pair, gap, begin, end } of gaps(sequences, nll)) {
      const share = 2 / (1 + Math.exp(this.#beta * this.#further(pair, gap)));
      const size = sizeOf(pair) * share * perWeight(pair, batch, begin);
      plain.fill(1, begin, end);
      for (let i = begin; i < end; i++) {
        if (weights[i]! < 0) weights[i] = -size;
        else weights[i]! += size;
      }
    }
    return { ...batch, weights, plain };
  }

  /** What the pairs of a batch add to −log p of the preferred, in nats. */
  #extra({ sequences, nll }: ReadBatch): number {
    let sum = 0;
    for (const { pair, gap } of gaps(sequences, nll))
      sum += ((2 * sizeOf(pair)) / this.#beta) * softplus(-this.#beta * this.#further(pair, gap));
    return sum;
  }

  #further(pair: Pair, gap: number): number {
    const before = this.#before.get(pair.id);
    if (before === undefined)
      throw new RangeError(
        `the pair ${pair.id} was not measured before training: refer comes first`,
      );
    return before - gap;
  }
}

const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));

/** c: what a rejected token weighs, by size. */
const sizeOf = ({ weights }: Pair): number => -weights.find((weight) => weight < 0)!;

/** What a weight of the pair is divided by in the batch. */
function perWeight({ weights }: Pair, batch: TrainBatch, begin: number): number {
  const first = weights.findIndex((weight, i) => i > 0 && weight !== 0);
  return batch.weights[begin]! / weights[first]!;
}

/** Each pair of a batch, where its targets begin and end, and −log p of what is preferred less that of what is not. */
function* gaps(sequences: readonly Sequence[], nll: Float32Array) {
  let begin = 0;
  for (const sequence of sequences) {
    const signs = sequence.weights.filter((weight, i) => i > 0 && weight !== 0).map(Math.sign);
    const end = begin + signs.length;
    if (isPair(sequence)) {
      const gap: number = signs.reduce((sum, sign, i) => sum + sign * nll[begin + i]!, 0);
      yield { pair: sequence, gap, begin, end };
    }
    begin = end;
  }
}
