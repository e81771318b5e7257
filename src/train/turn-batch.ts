import type { TrainBatch } from '../engine/trainer.ts';
import { type Sequence, usualWeight } from './batches.ts';

/**
 * The tokens of a batch for the trainer, in two streams: the sequences as the model alone reads them, up to where the last
 * learnt turn begins; then each learnt turn by itself, on top of what comes before it there. So an adapter that acts on
 * own turns alone learns what it will be asked: see `Prompt.turnFrom`. Weights are as in `batchOf`.
 *
 * @throws {RangeError} For a sequence that does not say which turns it is to teach, or that begins with one.
 */
export function turnBatchOf(
  sequences: readonly Sequence[],
  usual = usualWeight(sequences),
): TrainBatch {
  const writer = new StreamWriter();
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
  return writer.done(transcript, usual);
}

class StreamWriter {
  readonly #tokens: number[] = [];
  readonly #positions: number[] = [];
  readonly #first: number[] = [];
  readonly #context: number[] = [];
  readonly #rows: number[] = [];
  readonly #targets: number[] = [];
  readonly #weights: number[] = [];

  get length(): number {
    return this.#tokens.length;
  }

  add(token: number, position: number, first: number, context: readonly [number, number]): void {
    this.#tokens.push(token);
    this.#positions.push(position);
    this.#first.push(first);
    this.#context.push(...context);
  }

  /** What the next token that is added is to predict. */
  teach(token: number, weight: number): void {
    if (weight === 0) return;
    this.#rows.push(this.length);
    this.#targets.push(token);
    this.#weights.push(weight);
  }

  done(transcript: number, usual: number): TrainBatch {
    const whole = this.#weights.length * usual;
    return {
      tokens: Int32Array.from(this.#tokens),
      transcript,
      positions: Int32Array.from(this.#positions),
      first: Int32Array.from(this.#first),
      context: Int32Array.from(this.#context),
      rows: Int32Array.from(this.#rows),
      targets: Int32Array.from(this.#targets),
      weights: Float32Array.from(this.#weights, (value) => value / whole),
    };
  }
}
