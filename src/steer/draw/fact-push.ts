import type { Model } from '../../engine/model.ts';

/** What a fact's words are pushed by, in nats: see `Answering`. */
export interface FactPushOptions {
  readonly fact: string;
  readonly push: number;
  readonly end: number;
}

/** What pushing needs of a model. */
export interface PushedModel extends Pick<Model, 'tokenize' | 'piece'> {
  readonly info: Pick<Model['info'], 'ends'>;
}

/** The share of a fact's tokens after which an answer may end with its sentence. */
const mostSaid = 0.7;
/** Tokens of an answer over those of its fact from which on it may end anywhere. */
const longest = 1.3;

/**
 * How much more a word is pushed that goes on with what was just said, as the fact does: who did it stays who did it. In nats,
 * and for each nat of the push.
 */
const follow = { nats: 1, ofPush: 0.5 };

/**
 * Pushes the words of a remembered fact while a reply is drawn, each until it has been said as often as the fact says it, and
 * then the end: a small model that has the right sentence before it still says another, or never stops.
 */
export class FactPush {
  readonly #model: PushedModel;
  readonly #tokens: Int32Array;
  readonly #left = new Map<number, number>();
  readonly #push: number;
  readonly #ends: readonly (readonly [token: number, nats: number])[];
  /** Places in the fact that the next word may go on at, after each token of the reply. */
  readonly #places: (readonly number[])[] = [];
  /** Tokens of the reply, and how many of them are the fact's. */
  readonly #reply: number[] = [];
  #said = 0;

  constructor(model: PushedModel, { fact, push, end }: FactPushOptions) {
    this.#model = model;
    this.#tokens = model.tokenize(fact);
    for (const token of this.#tokens) this.#left.set(token, (this.#left.get(token) ?? 0) + 1);
    // The first word may also stand where there is a space before it.
    for (const token of model.tokenize(` ${fact}`))
      if (!this.#left.has(token)) this.#left.set(token, 1);
    this.#push = push;
    this.#ends = Array.from(model.info.ends, (token) => [token, end] as const);
  }

  /** Token → nats, for the next token. */
  get bias(): ReadonlyMap<number, number> {
    const bias = new Map<number, number>();
    for (const [token, left] of this.#left) if (left > 0) bias.set(token, this.#push);
    const next = this.#places.at(-1)?.map((place) => this.#tokens[place]) ?? [this.#tokens[0]];
    for (const token of next)
      if (token !== undefined && bias.has(token))
        bias.set(token, this.#push * (1 + follow.ofPush) + follow.nats);
    if (this.#mayEnd) for (const [token, nats] of this.#ends) bias.set(token, nats);
    return bias;
  }

  /** Counts a token of the reply. */
  say(token: number): void {
    this.#reply.push(token);
    this.#places.push(this.#after(token));
    this.#count(token, 1);
  }

  /** Takes back the last token of the reply, which was this one. */
  takeBack(token: number): void {
    this.#reply.pop();
    this.#places.pop();
    this.#count(token, -1);
  }

  /** Most of the fact has been said and the sentence is over, or the reply has become long. */
  get #mayEnd(): boolean {
    const { length } = this.#tokens;
    if (this.#said < mostSaid * length) return false;
    const last = this.#reply.at(-1);
    return (
      this.#reply.length >= longest * length || (last !== undefined && this.#endsSentence(last))
    );
  }

  #endsSentence(token: number): boolean {
    return /[.!?]["'”’)]*\s*$/.test(Buffer.from(this.#model.piece(token)).toString());
  }

  #count(token: number, by: 1 | -1): void {
    const left = this.#left.get(token);
    if (left === undefined) return;
    this.#left.set(token, left - by);
    this.#said += by;
  }

  /** Where the fact goes on after a token: after the words before it, too, if it has them in a row. */
  #after(token: number): number[] {
    const going = (this.#places.at(-1) ?? []).filter((place) => this.#tokens[place] === token);
    const all =
      going.length > 0 ? going : [...this.#tokens.keys()].filter((i) => this.#tokens[i] === token);
    return all.map((place) => place + 1);
  }
}
