import type { AnswersOptions } from '../../actor/answer-together.ts';
import { freshSeed, type Sampling } from '../../engine/sampling.ts';
import type { Stop } from '../../engine/session/reply-text.ts';
import { Refusal } from '../failure.ts';
import type { ChatBody, CompletionBody } from './schemas.ts';

type Sizes = Pick<
  ChatBody & CompletionBody,
  'temperature' | 'top_p' | 'seed' | 'stop' | 'n' | 'logit_bias'
>;

/** How answers are drawn, by the names of OpenAI's API; what is not given is left to the speaker. */
export function drawingOf(
  { temperature, top_p: topP, seed, stop, n, logit_bias: bias }: Sizes,
  sampling: Partial<Sampling> = {},
): Pick<AnswersOptions, 'seeds' | 'sampling' | 'stop' | 'bias'> {
  // Any whole number is a seed there; ours are 32 bits.
  const first =
    seed === undefined || seed === null ? freshSeed() : Number(BigInt.asUintN(32, BigInt(seed)));
  return {
    seeds: Array.from({ length: n ?? 1 }, (_, i) => (first + i) % 2 ** 32),
    sampling: {
      ...sampling,
      ...(typeof temperature === 'number' && { temperature }),
      ...(typeof topP === 'number' && { topP }),
    },
    stop: stop === undefined || stop === null ? [] : [stop].flat(),
    bias: bias
      ? new Map(Object.entries(bias).map(([token, nats]) => [Number(token), banned(nats)]))
      : undefined,
  };
}

/** The greatest bias there means a ban or, for the one token, the only choice. */
const banned = (nats: number): number => (nats <= -100 ? Number.NEGATIVE_INFINITY : nats);

/** @throws {Refusal} For two limits that differ. */
export function maxTokensOf({
  max_tokens: old,
  max_completion_tokens: own,
}: Pick<ChatBody, 'max_tokens' | 'max_completion_tokens'>): number | undefined {
  const [a, b] = [old ?? undefined, own ?? undefined];
  if (a !== undefined && b !== undefined && a !== b)
    throw new Refusal(400, 'invalid_value', `max_tokens is ${a} and max_completion_tokens ${b}`, {
      param: 'max_completion_tokens',
      remedy: 'Give one of them.',
    });
  return b ?? a;
}

/** Parameters of that API that these models have nothing for. */
const unsupported = [
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'audio',
  'modalities',
  'web_search_options',
  'prediction',
  'best_of',
  'suffix',
] as const;

/** @throws {Refusal} 400 for what would be promised in vain. */
export function requireSupported(body: Readonly<Record<string, unknown>>): void {
  const found = unsupported.find((name) => {
    const given = body[name];
    if (given === undefined || given === null) return false;
    if (name === 'modalities')
      return !(Array.isArray(given) && given.every((one) => one === 'text'));
    if (name === 'best_of') return given !== 1 && given !== body.n;
    return !(Array.isArray(given) && given.length === 0) && given !== 'none' && given !== '';
  });
  if (found !== undefined)
    throw new Refusal(400, 'unsupported_parameter', `"${found}" is not supported by these models`, {
      param: found,
      remedy: `Leave "${found}" out.`,
    });
}

/** Why an answer ended, in the words of that API. */
export const finishOf = (stop: Stop): 'stop' | 'length' =>
  stop === 'length' || stop === 'window' ? 'length' : 'stop';
