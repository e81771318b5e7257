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
  /** Where it goes on in other ways, in order: see `branching`. Before the first of them stands one whole text. */
  readonly branches?: readonly Branch[];
  /** The turns that are learnt, where each may be learnt by itself: see `SceneRow`. */
  readonly learnt?: readonly TokenSpan[];
}

/** Tokens of a sequence, from `begin` to the next branch, that are read as if they came after its first `shared` ones. */
export interface Branch {
  readonly begin: number;
  readonly shared: number;
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
  for (const { tokens, weights, branches = [] } of sequences) {
    const at = writer.length;
    let next = 0;
    let { begin, shared }: Branch = { begin: 0, shared: 0 };
    tokens.forEach((token, i) => {
      if (i === branches[next]?.begin) ({ begin, shared } = branches[next++]!);
      if (i + 1 < tokens.length) writer.teach(tokens[i + 1]!, weights[i + 1]!);
      const context = shared === 0 ? ([0, 0] as const) : ([at, at + shared] as const);
      writer.add(token, shared + i - begin, at + begin, context);
    });
  }
  return writer.done(0, weight);
}
