import type { ScoreAnswer } from '../../../measure/row.ts';
import { borderByPrefix, borderByText } from './border.ts';
import { type Completion, readCompletion, type Token } from './completion.ts';
import { ask, type Endpoint, unfit } from './connection.ts';
import type { ScoreQuestion, Scorer } from './scorer.ts';

/** Texts of one request: enough to fill a GPU, few enough that an answer comes within the time limit. */
export const largestBatch = 16;

/**
 * Scores by having the server repeat page and words with the log-probability of each token: `echo` with `logprobs`,
 * as lm-evaluation-harness's local-completions does. vLLM, llama-cpp-python and OpenAI's own completion models
 * know it.
 *
 * @param batch How many texts one request may hold.
 */
export function scoreByEcho(endpoint: Endpoint, model: string, batch: number): Scorer {
  return {
    name: batch > 1 ? `echo, ${batch} texts a request` : 'echo',
    async score(questions, signal) {
      const echo = new Echo(endpoint, model, batch, signal);
      const texts = questions.flatMap(({ page, continuations }) =>
        continuations.map((words) => page + words),
      );
      const tokens = await echo.all(texts);
      const answers: ScoreAnswer[] = [];
      let first = 0;
      for (const question of questions) {
        const next = first + question.continuations.length;
        answers.push(await answer(question, tokens.slice(first, next), echo));
        first = next;
      }
      return { answers, evaluatedTokens: echo.evaluated };
    },
  };
}

async function answer(
  { page, continuations }: ScoreQuestion,
  texts: readonly (readonly Token[])[],
  echo: Echo,
): Promise<ScoreAnswer> {
  const shown = texts.map((tokens) => tokens.map(({ text }) => text));
  let borders = continuations.map((words, i) => borderByText(shown[i]!, words));
  if (borders.includes(undefined)) {
    const [pageTokens = []] = await echo.all([page]);
    const pageShown = pageTokens.map(({ text }) => text);
    borders = borders.map((border, i) => border ?? borderByPrefix(pageShown, shown[i]!));
  }
  // All choices are counted from the same token, so that they can be compared.
  const border = Math.min(...borders.map((at) => at ?? 0));
  return {
    kind: 'score',
    nats: texts.map((tokens) => echo.sum(tokens.slice(border))),
    tokens: texts.map((tokens) => tokens.length - border),
  };
}

/** Asks for texts back and counts what that costs. */
class Echo {
  evaluated = 0;
  readonly #endpoint: Endpoint;
  readonly #model: string;
  readonly #batch: number;
  readonly #signal: AbortSignal | undefined;

  constructor(endpoint: Endpoint, model: string, batch: number, signal: AbortSignal | undefined) {
    this.#endpoint = endpoint;
    this.#model = model;
    this.#batch = batch;
    this.#signal = signal;
  }

  async all(texts: readonly string[]): Promise<Token[][]> {
    const echoed: Token[][] = [];
    for (let at = 0; at < texts.length; at += this.#batch) {
      echoed.push(...(await this.#some(texts.slice(at, at + this.#batch))));
    }
    return echoed;
  }

  async #some(texts: readonly string[]): Promise<Token[][]> {
    const body = await ask(this.#endpoint, {
      path: '/completions',
      body: echoRequest(this.#model, texts),
      signal: this.#signal,
    });
    const completion = readCompletion(body, this.#endpoint);
    const echoed = repeated(completion, texts.length, this.#endpoint);
    if (echoed) {
      this.evaluated += completion.promptTokens;
      return echoed;
    }
    // Some texts came with a token after them and some without; alone, each tells which.
    const alone: Token[][] = [];
    for (const text of texts) alone.push(...(await this.#some([text])));
    return alone;
  }

  sum(tokens: readonly Token[]): number {
    return tokens.reduce((total, { nats }) => {
      if (nats === undefined) throw unfit(this.#endpoint, 'it leaves out the first probability');
      return total + nats;
    }, 0);
  }
}

/**
 * What asks for texts to be repeated. One token is generated besides: llama-cpp-python reads a `max_tokens` of 0
 * as "without end", and others refuse it.
 */
export function echoRequest(model: string, texts: readonly string[]): object {
  const prompt = texts.length === 1 ? texts[0] : texts;
  return { model, prompt, max_tokens: 1, temperature: 0, logprobs: 1, echo: true, seed: 0 };
}

/**
 * The tokens of each text, without the generated one after it. A model that ends there generates none that is
 * shown, so how many there are is taken from the count.
 *
 * @returns Undefined if the count is that of several texts and does not tell which have one.
 */
export function repeated(
  { choices, completionTokens }: Completion,
  texts: number,
  endpoint: Endpoint,
): Token[][] | undefined {
  if (choices.length !== texts) {
    throw unfit(endpoint, `of ${texts} texts it answers ${choices.length}`);
  }
  if (completionTokens % texts !== 0) return undefined;
  return choices.map(({ tokens }) => {
    if (!tokens) throw unfit(endpoint, 'it tells no log-probabilities');
    return tokens.slice(0, tokens.length - completionTokens / texts);
  });
}
