import type { DrawHook, DrawStep } from './draw-together.ts';
import type { Session } from './session.ts';
import { tokensTakenBack } from './tokens-taken-back.ts';

/** How likely a token was, in nats, beside those that were likeliest. */
export interface TokenOdds {
  readonly token: number;
  readonly nats: number;
  /** The likeliest tokens, the likeliest first. */
  readonly top: readonly { readonly token: number; readonly nats: number }[];
}

/**
 * Notes how likely the model held each token of a reply, before biases, samplers and grammars. It costs a step of its own for
 * each token, so that such a reply takes no part in steps with others.
 */
export class OddsHook implements DrawHook {
  readonly #session: Session;
  readonly #top: number;
  readonly #inner: DrawHook | undefined;
  /** What the next token is drawn from. */
  #row: Float32Array | undefined;
  /** Odds of tokens that were drawn and not yet taken up. */
  readonly #waiting: TokenOdds[] = [];

  /**
   * @param top How many of the likeliest tokens are noted beside the one drawn.
   * @param inner The reply's other hook.
   */
  constructor(session: Session, top: number, inner: DrawHook | undefined) {
    this.#session = session;
    this.#top = top;
    this.#inner = inner;
  }

  async begin(signal: AbortSignal | undefined): Promise<void> {
    await this.#inner?.begin(signal);
    this.#row = await this.#session.logits();
  }

  async after(step: DrawStep, signal: AbortSignal | undefined): Promise<void> {
    const { token, isOver } = step;
    if (token >= 0 && this.#row) this.#waiting.push(oddsOf(this.#row, token, this.#top));
    this.#waiting.length -= Math.min(tokensTakenBack(token), this.#waiting.length);
    await this.#inner?.after(step, signal);
    this.#row = isOver ? undefined : await this.#session.logits();
  }

  /** Odds of the token that is released next. */
  take(): TokenOdds | undefined {
    return this.#waiting.shift();
  }
}

/** Odds of one token in a row of logits. */
function oddsOf(row: Float32Array, token: number, count: number): TokenOdds {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of row) if (logit > most) most = logit;
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit - most);
  const all = most + Math.log(sum);
  const top = likeliest(row, count).map((one) => ({ token: one, nats: row[one]! - all }));
  return { token, nats: row[token]! - all, top };
}

function likeliest(row: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let token = 0; token < row.length && count > 0; token++) {
    const logit = row[token]!;
    if (best.length === count && logit <= row[best.at(-1)!]!) continue;
    const at = best.findIndex((other) => row[other]! < logit);
    best.splice(at < 0 ? best.length : at, 0, token);
    if (best.length > count) best.pop();
  }
  return best;
}
