import { type Endpoint, unfit } from './connection.ts';

/** What comes back of POST /completions: the part of it that is used here. */
export interface Completion {
  /** In the order of the prompts. */
  readonly choices: readonly Choice[];
  readonly promptTokens: number;
  readonly completionTokens: number;
}

interface Choice {
  readonly text: string;
  /** "stop", "length", … */
  readonly finish: string;
  /** Undefined if the server tells no log-probabilities. */
  readonly tokens: readonly Token[] | undefined;
}

export interface Token {
  /** The token as the server shows it; what is no whole character may be empty or U+FFFD. */
  readonly text: string;
  /** Log-probability given all before it; undefined for the first of a text. */
  readonly nats: number | undefined;
}

/**
 * Checks and reads a server's answer. Log-probabilities are understood as the OpenAI completions protocol has
 * them (`tokens`, `token_logprobs`) and as its chat protocol and llama-server have them (`content`).
 *
 * @throws {DramatisError} FETCH_FAILED if it is no such answer.
 */
export function readCompletion(body: unknown, endpoint: Endpoint): Completion {
  const { choices, usage } = fields(body);
  const { prompt_tokens, completion_tokens } = fields(usage);
  if (!Array.isArray(choices) || choices.length === 0) throw unfit(endpoint, 'it gives no choices');
  if (typeof completion_tokens !== 'number') throw unfit(endpoint, 'it does not count its tokens');
  return {
    choices: choices
      .map((choice, i) => ({ i, ...fields(choice) }))
      .sort(byIndex)
      .map(readChoice),
    promptTokens: typeof prompt_tokens === 'number' ? prompt_tokens : 0,
    completionTokens: completion_tokens,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object, none for anything else. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

const byIndex = (a: Fields, b: Fields): number => Number(a.index ?? a.i) - Number(b.index ?? b.i);

function readChoice({ text, finish_reason, logprobs }: Fields): Choice {
  return {
    text: typeof text === 'string' ? text : '',
    finish: typeof finish_reason === 'string' ? finish_reason : '',
    tokens: readTokens(fields(logprobs)),
  };
}

function readTokens({ tokens, token_logprobs: nats, content }: Fields): Token[] | undefined {
  if (Array.isArray(content)) {
    return content.map(fields).map(({ token, logprob }) => ({
      text: String(token ?? ''),
      nats: typeof logprob === 'number' ? logprob : undefined,
    }));
  }
  if (!Array.isArray(tokens) || !Array.isArray(nats) || tokens.length !== nats.length) return;
  return tokens.map((text, i) => ({
    text: String(text),
    nats: typeof nats[i] === 'number' ? nats[i] : undefined,
  }));
}
