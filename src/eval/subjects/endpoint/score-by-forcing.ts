import type { ScoreAnswer } from '../../../measure/row.ts';
import { borderByPrefix } from './border.ts';
import { fields } from './completion.ts';
import { ask, type Endpoint, unfit } from './connection.ts';
import type { Scorer } from './scorer.ts';

/**
 * Scores with llama-server, which cannot echo: it is made to say the words by a grammar of token numbers, and
 * tells the probability that each had before the grammar was applied.
 *
 * One token a step, at the speed of generation; the page is read once for all its continuations. llama-server
 * keeps what it has read, so a page may be read in other batches the next time and a score differ in its
 * third decimal.
 *
 * @see llama.cpp, grammars/README.md ("Tokens") and tools/server/README.md (`n_probs`, `post_sampling_probs`).
 */
export function scoreByForcing(endpoint: Endpoint): Scorer {
  return {
    name: 'forced tokens of llama-server',
    async score(questions, signal) {
      const answers: ScoreAnswer[] = [];
      let evaluatedTokens = 0;
      for (const { page, continuations } of questions) {
        const pageIds = idsOf(await tokenize(endpoint, page, signal));
        const wholes: Piece[][] = [];
        for (const words of continuations) {
          wholes.push(await tokenize(endpoint, page + words, signal));
        }
        // All choices are counted from the same token, so that they can be compared.
        const border = Math.min(...wholes.map((whole) => borderByPrefix(pageIds, idsOf(whole))));
        const nats: number[] = [];
        for (const whole of wholes) {
          nats.push(await forced(endpoint, whole, border, signal));
          evaluatedTokens += whole.length;
        }
        answers.push({ kind: 'score', nats, tokens: wholes.map((w) => w.length - border) });
      }
      return { answers, evaluatedTokens };
    },
  };
}

/** A token of the server's. */
interface Piece {
  readonly id: number;
  /** Whether it is text by itself, and not a part of a character. */
  readonly isText: boolean;
}

const idsOf = (pieces: readonly Piece[]): number[] => pieces.map(({ id }) => id);

/** Tokens of a text by the server, which never makes a control token of it. */
async function tokenize(
  endpoint: Endpoint,
  content: string,
  signal: AbortSignal | undefined,
): Promise<Piece[]> {
  const body = { content, add_special: true, parse_special: false, with_pieces: true };
  const { tokens } = fields(await ask(endpoint, { path: '//tokenize', body, signal }));
  if (!Array.isArray(tokens)) throw unfit(endpoint, 'it does not tokenise');
  return tokens.map((token) => {
    const { id, piece } = fields(token);
    if (typeof id !== 'number') throw unfit(endpoint, 'it does not tell the texts of its tokens');
    return { id, isText: typeof piece === 'string' };
  });
}

/**
 * Log-probability in nats of the tokens from `border` on, given those before it.
 *
 * Those that are text are said in runs. A part of a character cannot be: the grammar refuses it, and the server
 * reports nothing about a token that ends inside a character. It is looked up.
 */
async function forced(
  endpoint: Endpoint,
  pieces: readonly Piece[],
  border: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const ids = idsOf(pieces);
  let sum = 0;
  for (let at = border; at < pieces.length; ) {
    const past = pieces.findIndex(({ isText }, i) => i >= at && !isText);
    const run = ids.slice(at, past < 0 ? undefined : past);
    const before = ids.slice(0, at);
    sum +=
      run.length > 0
        ? await natsOfRun(endpoint, before, run, signal)
        : await natsAmongAll(endpoint, before, ids[at]!, signal);
    at += Math.max(run.length, 1);
  }
  return sum;
}

async function natsOfRun(
  endpoint: Endpoint,
  before: readonly number[],
  run: readonly number[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const steps = await say(endpoint, before, { tokens: run, top: 1 }, signal);
  if (steps.length !== run.length || steps.some(({ token }, i) => token !== run[i])) {
    throw unfit(endpoint, 'it says other tokens than its grammar allows');
  }
  return steps.reduce((sum, { nats }) => sum + nats, 0);
}

/**
 * One token looked up among all the tokens of its place, a few megabytes of JSON, while the server is made to say
 * something harmless.
 */
async function natsAmongAll(
  endpoint: Endpoint,
  before: readonly number[],
  token: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const harmless = (await tokenize(endpoint, 'a', signal)).at(-1)!.id;
  const force = { tokens: [harmless], top: 1_000_000 };
  const [step] = await say(endpoint, before, force, signal);
  const found = step?.top.find((candidate) => candidate.token === token);
  if (!found) throw unfit(endpoint, `it does not tell the probability of token ${token}`);
  return found.nats;
}

interface Step {
  readonly token: number;
  readonly nats: number;
  /** The likeliest tokens of this place, with theirs. */
  readonly top: readonly Step[];
}

/** Makes the server say `force.tokens` after `prompt`. @returns What it reports of each, and of the `force.top` likeliest. */
async function say(
  endpoint: Endpoint,
  prompt: readonly number[],
  force: { readonly tokens: readonly number[]; readonly top: number },
  signal: AbortSignal | undefined,
): Promise<Step[]> {
  const body = {
    prompt,
    grammar: `root ::= ${force.tokens.map((token) => `<[${token}]>`).join(' ')}`,
    n_predict: force.tokens.length,
    n_probs: force.top,
    post_sampling_probs: false,
    temperature: 0,
    cache_prompt: true,
  };
  const reply = fields(await ask(endpoint, { path: '//completion', body, signal }));
  const steps = reply.completion_probabilities;
  if (!Array.isArray(steps)) throw unfit(endpoint, 'it tells no probabilities of what it says');
  return steps.map(readStep);
}

/** llama-server takes the logarithm of a 32-bit probability, and of none the least number there is. */
const leastNats = Math.log(2 ** -149);

function readStep(step: unknown): Step {
  const { id, logprob, top_logprobs } = fields(step);
  const top = Array.isArray(top_logprobs) ? top_logprobs.map(readStep) : [];
  return { token: Number(id), nats: Math.max(Number(logprob), leastNats), top };
}
