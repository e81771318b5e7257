import { draw } from '../corpus/row-options.ts';
import type { TrainBatch } from '../engine/trainer.ts';
import type { TokenSpan } from '../prompt/scene-row.ts';

/** A text to learn from, as tokens. */
export interface Sequence {
  readonly id: string;
  readonly tokens: Int32Array;
  /** What the prediction *of* each token weighs; 0 for context. */
  readonly weights: Float32Array;
  /** Of a `Pair`: its tokens from `branch` on are read as if they came after the first `shared` ones. */
  readonly shared?: number;
  readonly branch?: number;
  /** The turns that are learnt, where each may be learnt by itself: see `SceneRow`. */
  readonly learnt?: readonly TokenSpan[];
}

/** The sequences in the order of an epoch: another each time, the same for a seed. */
export function epochOrder(
  sequences: readonly Sequence[],
  seed: number,
  epoch: number,
): readonly Sequence[] {
  return sequences
    .map((sequence) => ({ sequence, at: draw(seed, 'epoch', String(epoch), sequence.id) }))
    .sort((a, b) => a.at - b.at)
    .map(({ sequence }) => sequence);
}

/**
 * Puts sequences side by side, up to `most` tokens a batch, each where it fits first (first fit): few batches, all of
 * much the same size, none with anything in it that fills up.
 */
export function packed(sequences: readonly Sequence[], most: number): readonly Sequence[][] {
  const batches: { room: number; sequences: Sequence[] }[] = [];
  for (const sequence of sequences) {
    const { length } = sequence.tokens;
    let batch = batches.find(({ room }) => room >= length);
    if (!batch) {
      batch = { room: Math.max(most, length), sequences: [] };
      batches.push(batch);
    }
    batch.room -= length;
    batch.sequences.push(sequence);
  }
  return batches.map(({ sequences }) => sequences);
}

/** What a token that counts weighs by size, on average: over all that a training has. */
export function usualWeight(sequences: readonly Sequence[]): number {
  let [sum, count] = [0, 0];
  for (const { weights } of sequences)
    weights.forEach((weight, i) => {
      if (i === 0 || weight === 0) return;
      sum += Math.abs(weight);
      count++;
    });
  return count === 0 ? 1 : sum / count;
}

/**
 * The tokens of a batch for the trainer. Weights are divided by the number of tokens that count and by what one usually
 * weighs: so batches count alike whatever their size, but what is to weigh little does so also where a batch has nothing
 * else, as one of `contrast` rows has.
 */
export function batchOf(
  sequences: readonly Sequence[],
  usual = usualWeight(sequences),
): TrainBatch {
  const length = sequences.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const tokens = new Int32Array(length);
  const positions = new Int32Array(length);
  const first = new Int32Array(length);
  const context = new Int32Array(2 * length);
  const rows: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  let at = 0;
  for (const sequence of sequences) {
    const { shared = 0, branch = sequence.tokens.length } = sequence;
    tokens.set(sequence.tokens, at);
    sequence.tokens.forEach((token, i) => {
      const isBranch = i >= branch;
      positions[at + i] = isBranch ? shared + i - branch : i;
      first[at + i] = isBranch ? at + branch : at;
      if (isBranch) context.set([at, at + shared], 2 * (at + i));
      const weight = sequence.weights[i]!;
      if (weight === 0 || i === 0) return;
      rows.push(at + i - 1);
      targets.push(token);
      weights.push(weight);
    });
    at += sequence.tokens.length;
  }
  const whole = weights.length * usual;
  return {
    tokens,
    transcript: 0,
    positions,
    first,
    context,
    rows: Int32Array.from(rows),
    targets: Int32Array.from(targets),
    weights: Float32Array.from(weights, (value) => value / whole),
  };
}
