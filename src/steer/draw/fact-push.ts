import type { Model } from '../../engine/model.ts';

/** What a fact's words are pushed by, in nats: see `Answering`. */
export interface FactPushOptions {
  readonly fact: string;
  readonly push: number;
  readonly end: number;
}

/** What pushing needs of a model. */
export type PushedModel = Pick<Model, 'tokenize' | 'info'>;

/** The share of a fact's tokens after which an answer may end. */
const mostSaid = 0.7;

/**
 * Pushes the words of a remembered fact while a reply is drawn, each until it has been said as often as the fact says it, and
 * then the end: a small model that has the right sentence before it still says another, or never stops.
 */
export class FactPush {
  readonly #left = new Map<number, number>();
  readonly #push: number;
  readonly #ends: readonly (readonly [token: number, nats: number])[];
  readonly #count: number;
  #said = 0;

  constructor(model: PushedModel, { fact, push, end }: FactPushOptions) {
    const tokens = model.tokenize(` ${fact}`);
    for (const token of tokens) this.#left.set(token, (this.#left.get(token) ?? 0) + 1);
    // A reply begins without the space that the words after it have.
    const first = model.tokenize(fact)[0];
    if (first !== undefined && !this.#left.has(first)) this.#left.set(first, 1);
    this.#push = push;
    this.#ends = Array.from(model.info.ends, (token) => [token, end] as const);
    this.#count = tokens.length;
  }

  /** Token → nats, for the next token. */
  get bias(): ReadonlyMap<number, number> {
    const bias = new Map<number, number>();
    for (const [token, left] of this.#left) if (left > 0) bias.set(token, this.#push);
    if (this.#said >= mostSaid * this.#count)
      for (const [token, nats] of this.#ends) bias.set(token, nats);
    return bias;
  }

  /** Counts a token of the reply; `by` is −1 for one that is taken back. */
  count(token: number, by: 1 | -1 = 1): void {
    const left = this.#left.get(token);
    if (left === undefined) return;
    this.#left.set(token, left - by);
    this.#said += by;
  }
}
