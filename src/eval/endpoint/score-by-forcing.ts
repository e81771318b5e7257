import type { ScoreAnswer } from '../task.ts';
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
        const pageTokens = await tokenize(endpoint, page, signal);
        const wholes: number[][] = [];
        for (const words of continuations) {
          wholes.push(await tokenize(endpoint, page + words, signal));
        }
        // All choices are counted from the same token, so that they can be compared.
        const border = Math.min(...wholes.map((whole) => borderByPrefix(pageTokens, whole)));
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

/** As the server would for a prompt, except that text never becomes a control token. */
async function tokenize(
  endpoint: Endpoint,
  content: string,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const body = { content, add_special: true, parse_special: false };
  const { tokens } = fields(await ask(endpoint, { path: '//tokenize', body, signal }));
  if (!Array.isArray(tokens) || !tokens.every(Number.isInteger)) {
    throw unfit(endpoint, 'it does not tokenise');
  }
  return tokens;
}

/** Log-probability in nats of the tokens from `border` on, given those before it. */
async function forced(
  endpoint: Endpoint,
  tokens: readonly number[],
  border: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const wanted = tokens.slice(border);
  const said = await say(endpoint, tokens.slice(0, border), { tokens: wanted, top: 1 }, signal);
  let sum = 0;
  let next = 0;
  for (const [i, token] of wanted.entries()) {
    const step = said[next];
    if (step?.token === token) {
      sum += step.nats;
      next++;
    } else {
      sum += await amongAll(endpoint, tokens.slice(0, border + i), token, signal);
    }
  }
  if (next !== said.length) throw unfit(endpoint, 'it says other tokens than its grammar allows');
  return sum;
}

interface Step {
  readonly token: number;
  readonly nats: number;
  /** The likeliest tokens of this place, with theirs. */
  readonly top: readonly Step[];
}

/**
 * llama-server reports nothing about a token that ends inside a character. Such a token is looked up among all
 * the tokens of its place, a few megabytes of JSON, while the server is made to say something harmless.
 */
async function amongAll(
  endpoint: Endpoint,
  before: readonly number[],
  token: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const [harmless] = (await tokenize(endpoint, 'a', signal)).slice(-1);
  const force = { tokens: [harmless!], top: 1_000_000 };
  const [step] = await say(endpoint, before, force, signal);
  const found = step?.top.find((candidate) => candidate.token === token);
  if (!found) throw unfit(endpoint, `it does not tell the probability of token ${token}`);
  return found.nats;
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
  // None at all if every token ends inside a character.
  if (steps !== undefined && !Array.isArray(steps)) throw unfit(endpoint, 'it reports no steps');
  // Past the number asked for it may go on to the end of a character.
  return (steps ?? []).slice(0, force.tokens.length).map(readStep);
}

function readStep(step: unknown): Step {
  const { id, logprob, top_logprobs } = fields(step);
  const top = Array.isArray(top_logprobs) ? top_logprobs.map(readStep) : [];
  return { token: Number(id), nats: Number(logprob), top };
}
