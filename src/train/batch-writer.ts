import type { TrainBatch } from '../engine/trainer.ts';

/** The tokens of a batch, one after another, and what some of them are to predict. */
export class BatchWriter {
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

  /** `context`: begin and end of what it sees besides its own text, which begins at `first`. */
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

  /**
   * Weights are divided by the number of tokens that count and by the mean weight: so batches count alike whatever
   * their size, but what is to weigh little does so also where a batch has nothing else, as one of `contrast` rows has.
   *
   * @param transcript Tokens at the start that the model reads without what is trained.
   */
  done(transcript: number, meanWeight: number): TrainBatch {
    const whole = this.#weights.length * meanWeight;
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
