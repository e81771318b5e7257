import { DramatisError } from '../../../errors.ts';
import { readCompletion } from './completion.ts';
import { ask, call, type Endpoint, unfit } from './connection.ts';
import { echoRequest, largestBatch, repeated, scoreByEcho } from './score-by-echo.ts';
import { scoreByForcing } from './score-by-forcing.ts';
import type { Scorer } from './scorer.ts';

/**
 * Finds out, once, how a server can be made to score text, and checks that its scores are right.
 *
 * @throws {DramatisError} FETCH_FAILED, saying what is missing.
 */
export async function findScorer(
  endpoint: Endpoint,
  model: string,
  signal?: AbortSignal,
): Promise<Scorer> {
  const scorer =
    (await echoes(endpoint, model, 2, signal)) === 'yes'
      ? scoreByEcho(endpoint, model, largestBatch)
      : await scorerOfOne(endpoint, model, signal);
  await check(scorer, endpoint, model, signal);
  return scorer;
}

async function scorerOfOne(
  endpoint: Endpoint,
  model: string,
  signal: AbortSignal | undefined,
): Promise<Scorer> {
  const echo = await echoes(endpoint, model, 1, signal);
  if (echo === 'yes') return scoreByEcho(endpoint, model, 1);
  const body = { content: 'a' };
  const tokenized = await call(endpoint, { path: '//tokenize', body, signal, attempts: 1 });
  if (tokenized.ok) return scoreByForcing(endpoint);
  throw unfit(endpoint, `asked to repeat a text with log-probabilities ("echo"), ${echo}`);
}

/** @returns "yes", or what the server does instead. */
async function echoes(
  endpoint: Endpoint,
  model: string,
  texts: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const body = echoRequest(model, new Array<string>(texts).fill('Who is there? Nobody.'));
  const reply = await call(endpoint, { path: '/completions', body, signal, attempts: 1 });
  if (!reply.ok) return `it says ${reply.status}: ${reply.message}`;
  try {
    const echoed = repeated(readCompletion(reply.body, endpoint), texts, endpoint);
    // As many as there must be at least, whatever a token is; where `echo` is ignored none is left.
    return echoed?.every((tokens) => tokens.length > 2) ? 'yes' : 'it does not repeat it';
  } catch (error) {
    if (error instanceof DramatisError) return error.message;
    throw error;
  }
}

/** The more predictable the next token, the more a wrong score shows. */
const predictable = [
  'one two three four five six seven eight nine',
  'Monday, Tuesday, Wednesday, Thursday, Friday, Saturday,',
  'a b c d e f g h i j k l m n o p q r s t u v',
  'the king and the queen and the king and the queen and the',
];

/** Far more than rounding in other batch sizes makes, far less than a score of another token. Nats. */
const tolerance = 0.5;

/**
 * A token that the server generates and one that it is given have the same log-probability: if not, its scores are of
 * something else. llama-cpp-python up to at least 0.3.36 tells, for models without a start token, the
 * probability of each token after itself.
 */
async function check(
  scorer: Scorer,
  endpoint: Endpoint,
  model: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const page of predictable) {
    const body = { model, prompt: page, max_tokens: 1, temperature: 0, logprobs: 1, seed: 0 };
    const answer = await ask(endpoint, { path: '/completions', body, signal });
    const [choice] = readCompletion(answer, endpoint).choices;
    const said = choice!.text;
    const nats = choice!.tokens?.[0]?.nats;
    // What is not a word of its own, or is the end, may be read back as another token.
    if (nats === undefined || !/^ ?\w+$/.test(said)) continue;
    const { answers } = await scorer.score([{ page, continuations: [said] }], signal);
    const given = answers[0]!.nats[0]!;
    if (Math.abs(given - nats) <= tolerance || answers[0]!.tokens[0] !== 1) continue;
    throw unfit(
      endpoint,
      `it generates "${said}" with log-probability ${nats.toFixed(2)} after "${page}", ` +
        `but gives it ${given.toFixed(2)} as a part of the text`,
    );
  }
}
