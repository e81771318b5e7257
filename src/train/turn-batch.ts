import type { TrainBatch } from '../engine/trainer.ts';
import { BatchWriter } from './batch-writer.ts';
import { meanWeight, type Sequence } from './batches.ts';

/**
 * The tokens of a batch for the trainer, in two streams: the sequences as the model alone reads them, up to where the last
 * learnt turn begins; then each learnt turn by itself, on top of what comes before it there. So an adapter that acts on
 * own turns alone learns what it will be asked: see `Prompt.turnFrom`.
 *
 * @throws {RangeError} For a sequence that does not say which turns it is to teach, or that begins with one.
 */
export function turnBatchOf(
  sequences: readonly Sequence[],
  weight = meanWeight(sequences),
): TrainBatch {
  const writer = new BatchWriter();
  const read = sequences.map((sequence) => {
    const last = sequence.learnt?.at(-1);
    if (!last || sequence.learnt![0]!.begin === 0)
      throw new RangeError(`the sequence ${sequence.id} has no turn with something before it`);
    const at = writer.length;
    for (let i = 0; i < last.begin; i++) writer.add(sequence.tokens[i]!, i, at, [0, 0]);
    return at;
  });
  const transcript = writer.length;
  sequences.forEach(({ tokens, weights, learnt }, which) => {
    const at = read[which]!;
    for (const { begin, end } of learnt!) {
      const first = writer.length;
      // The last token is predicted, and predicts nothing.
      for (let i = begin; i + 1 < end; i++) {
        writer.teach(tokens[i + 1]!, weights[i + 1]!);
        writer.add(tokens[i]!, i, first, [at, at + begin]);
      }
    }
  });
  return writer.done(transcript, weight);
}
