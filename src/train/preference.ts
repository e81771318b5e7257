import type { TrainBatch } from '../engine/trainer.ts';
import type { Sequence } from './batches.ts';

/**
 * A text with two ways to go on: its tokens up to `branch` end in what is wanted, whose weights are above 0; from there
 * on stands what is not, whose weights are below, read as if it came after the first `shared` tokens.
 */
export interface Pair extends Sequence {
  readonly shared: number;
  readonly branch: number;
}

/**
 * Two texts that begin alike as one, so that what they share is read once.
 *
 * @param wanted With weights above 0 in what it does not share.
 * @param unwanted With weights below 0 there.
 * @returns Undefined if they differ from the first token on, or not at all, or nothing is wanted or unwanted.
 */
export function pairOf(wanted: Sequence, unwanted: Sequence): Pair | undefined {
  const common = wanted.tokens.findIndex((token, i) => token !== unwanted.tokens[i]);
  const learnt = wanted.weights.findIndex((weight) => weight !== 0);
  const isFork = common > 0 && learnt > 0 && unwanted.weights.some((weight) => weight < 0);
  if (!isFork) return undefined;
  // The last token that both have is read twice: it predicts two tokens, and a position predicts one.
  const shared = Math.min(common, learnt) - 1;
  const rest = unwanted.weights.slice(shared);
  rest[0] = 0;
  return {
    id: unwanted.id,
    tokens: Int32Array.of(...wanted.tokens, ...unwanted.tokens.subarray(shared)),
    weights: Float32Array.of(...wanted.weights, ...rest),
    shared,
    branch: wanted.tokens.length,
  };
}

export const isPair = (sequence: Sequence): sequence is Pair => sequence.branch !== undefined;

/**
 * Direct preference optimisation (Rafailov et al., 2023) beside the likelihood of what is wanted: with Δ for how much
 * further ahead the wanted is of the unwanted than it was before training, in nats, a pair adds
 *
 *     Σ −log p(wanted) + (2c / β) · −log σ(βΔ)
 *
 * where c is the size of the unwanted tokens' weights. Its slope is that of a likelihood in which each unwanted token
 * counts −2c·σ(−βΔ), and each wanted one as much more: −c to begin with, and less the better the two are told apart,
 * which is its bound.
 */
export class Preference {
  readonly #beta: number;
  readonly #before = new Map<string, number>();

  constructor(beta: number) {
    this.#beta = beta;
  }

  /** Notes how it was before training. `nll`: of the batch's targets, in nats. */
  refer(sequences: readonly Sequence[], nll: Float32Array): void {
    for (const { pair, gap } of gaps(sequences, nll)) this.#before.set(pair.id, gap);
  }

  /** The batch with weights that have the slope of the loss where `nll` is. */
  weigh(batch: TrainBatch, sequences: readonly Sequence[], nll: Float32Array): TrainBatch {
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

  /** What the pairs of a batch add to −log p of the wanted, in nats. */
  extra(sequences: readonly Sequence[], nll: Float32Array): number {
    let sum = 0;
    for (const { pair, gap } of gaps(sequences, nll))
      sum += ((2 * sizeOf(pair)) / this.#beta) * softplus(-this.#beta * this.#further(pair, gap));
    return sum;
  }

  #further(pair: Pair, gap: number): number {
    const before = this.#before.get(pair.id);
    if (before === undefined) throw new RangeError(`${pair.id} was not looked at before training`);
    return before - gap;
  }
}

const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));

/** c: what an unwanted token weighs, by size. */
const sizeOf = ({ weights }: Pair): number => -weights.find((weight) => weight < 0)!;

/** What a weight of the pair is divided by in the batch. */
function perWeight({ weights }: Pair, batch: TrainBatch, begin: number): number {
  const first = weights.findIndex((weight, i) => i > 0 && weight !== 0);
  return batch.weights[begin]! / weights[first]!;
}

/** Each pair of a batch, where its targets begin and end, and −log p of what is wanted less that of what is not. */
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
