import type { Model } from '../../engine/model.ts';
import type { TokenOdds } from '../../engine/session/token-odds.ts';

/** JSON has no infinity: a token that could not be drawn has this log-probability. */
const least = -9999;

/** A token as it is shown, its bytes, and its log-probability. */
function entryOf(model: Pick<Model, 'piece'>, token: number, nats: number) {
  const bytes = model.piece(token);
  return {
    token: new TextDecoder().decode(bytes),
    logprob: Number.isFinite(nats) ? nats : least,
    bytes: [...bytes],
  };
}

/** Odds of tokens as the chat protocol has them. */
export function chatOdds(model: Pick<Model, 'piece'>, odds: readonly TokenOdds[]) {
  return {
    content: odds.map(({ token, nats, top }) => ({
      ...entryOf(model, token, nats),
      top_logprobs: top.map((one) => entryOf(model, one.token, one.nats)),
    })),
    refusal: null,
  };
}

/** Odds of tokens as the completions protocol has them. */
export interface TextOdds {
  readonly tokens: string[];
  readonly token_logprobs: (number | null)[];
  readonly top_logprobs: (Record<string, number> | null)[];
  readonly text_offset: number[];
}

/** Odds of tokens in a row, from a place in the text on. */
export function textOdds(
  model: Pick<Model, 'piece'>,
  odds: readonly TokenOdds[],
  from: number,
): TextOdds {
  const found: TextOdds = { tokens: [], token_logprobs: [], top_logprobs: [], text_offset: [] };
  let at = from;
  for (const { token, nats, top } of odds) {
    const own = entryOf(model, token, nats);
    const others = top.map((one) => entryOf(model, one.token, one.nats));
    found.tokens.push(own.token);
    found.token_logprobs.push(own.logprob);
    found.top_logprobs.push(
      Object.fromEntries([own, ...others].map((one) => [one.token, one.logprob])),
    );
    found.text_offset.push(at);
    at += own.token.length;
  }
  return found;
}
