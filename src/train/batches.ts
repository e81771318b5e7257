import { hashFraction } from '../corpus/rows/row-options.ts';
import type { TrainBatch } from '../engine/trainer.ts';
import type { TokenSpan } from '../prompt/scene-row.ts';
import { BatchWriter } from './batch-writer.ts';

/** A text to learn from, as tokens. */
export interface Sequence {
  readonly id: string;
  readonly tokens: Int32Array;
  /** What the prediction *of* each token weighs; 0 for context. */
  readonly weights: Float32Array;
  /** For a `Pair`: its tokens from `branch` on are read as if they came after the first `shared` ones. */
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
    .map((sequence) => ({ sequence, at: hashFraction(seed, 'epoch', String(epoch), sequence.id) }))
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

/** The mean size of the weights that are not 0, over all that a run trains on; 1 if there are none. */
export function meanWeight(sequences: readonly Sequence[]): number {
  let [sum, count] = [0, 0];
  for (const { weights } of sequences)
    weights.forEach((weight, i) => {
      if (i === 0 || weight === 0) return;
      sum += Math.abs(weight);
      count++;
    });
  return count === 0 ? 1 : sum / count;
}

/** The tokens of a batch for the trainer, each sequence reading itself. */
export function batchOf(
  sequences: readonly Sequence[],
  weight = meanWeight(sequences),
): TrainBatch {
  const writer = new BatchWriter();
  for (const { tokens, weights, shared = 0, branch = tokens.length } of sequences) {
    const at = writer.length;
    tokens.forEach((token, i) => {
      if (i + 1 < tokens.length) writer.teach(tokens[i + 1]!, weights[i + 1]!);
      if (i < branch) writer.add(token, i, at, [0, 0]);
      else writer.add(token, shared + i - branch, at + branch, [at, at + shared]);
    });
  }
  return writer.done(0, weight);
}
