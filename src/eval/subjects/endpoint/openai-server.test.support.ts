import type { IncomingMessage } from 'node:http';
import { serve, type TestServer } from '../../../testing/http-server.ts';

/** What a server in a test thinks with. */
export interface TestEngine {
  tokenize(text: string): number[];
  bytes(token: number): Uint8Array;
  /** Log-probability in nats of `next` after `before`, at least one token. */
  nats(before: readonly number[], next: readonly number[]): Promise<number[]>;
  /** Log-probability in nats of every token after `before`, by token. */
  allNats(before: readonly number[]): Promise<number[]>;
}

/** What real servers do otherwise than the protocol says. */
export interface Quirks {
  /** "refused" as by llama-server, "ignored" as by many. */
  readonly echo?: 'refused' | 'ignored';
  /** Only one text a request, as llama-cpp-python. */
  readonly takesLists?: false;
  readonly logprobs?: 'none';
  /** Tells the probability of each token after itself, as llama-cpp-python without a start token. */
  readonly isShifted?: true;
  /** Has llama-server's own routes. */
  readonly isLlamaServer?: true;
}

interface CompletionBody {
  readonly prompt: string | readonly string[];
  readonly max_tokens: number;
  readonly echo?: boolean;
}

interface ForcedBody {
  readonly prompt: number[];
  readonly grammar: string;
  readonly n_predict: number;
  readonly n_probs: number;
}

class Refusal extends Error {}

/** A server that speaks the protocol over real HTTP, gone when the test is. */
export function serveEngine(engine: TestEngine, quirks: Quirks = {}): Promise<TestServer> {
  return serve((request, response) => {
    const send = ([status, body]: Answered): void => {
      response.writeHead(status).end(JSON.stringify(body));
    };
    const fail = (error: unknown): void =>
      send([error instanceof Refusal ? 400 : 500, { error: { message: String(error) } }]);
    answer(engine, quirks, request).then(send, fail);
  });
}

type Answered = readonly [status: number, body: unknown];

async function answer(
  engine: TestEngine,
  quirks: Quirks,
  request: IncomingMessage,
): Promise<Answered> {
  const body = JSON.parse((await bodyOf(request)) || '{}');
  switch (request.url) {
    case '/v1/models':
      return [200, { data: [{ id: 'tiny' }] }];
    case '/v1/completions':
      return [200, await complete(engine, quirks, body)];
    case '/tokenize':
      if (quirks.isLlamaServer) return [200, { tokens: piecesOf(engine, body.content) }];
      break;
    case '/completion':
      if (quirks.isLlamaServer) return [200, await force(engine, body)];
  }
  return [404, { error: { message: 'no such route' } }];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

async function complete(
  engine: TestEngine,
  quirks: Quirks,
  { prompt, max_tokens, echo = false }: CompletionBody,
): Promise<unknown> {
  const prompts = typeof prompt === 'string' ? [prompt] : prompt;
  if (prompts.length > 1 && quirks.takesLists === false) throw new Refusal('one prompt at a time');
  if (echo && quirks.echo === 'refused') throw new Refusal('Only no echo is supported');
  const echoes = echo && quirks.echo !== 'ignored';
  const choices: unknown[] = [];
  let read = 0;
  for (const [index, text] of prompts.entries()) {
    const given = engine.tokenize(text);
    const all = [...given];
    for (let i = 0; i < max_tokens; i++) all.push(likeliest(await engine.allNats(all)));
    const nats: (number | null)[] = [null, ...(await engine.nats(all.slice(0, 1), all.slice(1)))];
    const told = quirks.isShifted && echoes ? await natsAfterThemselves(engine, all) : nats;
    const from = echoes ? 0 : given.length;
    choices.unshift({
      index,
      text: textOf(engine, all.slice(from)),
      finish_reason: 'length',
      logprobs:
        quirks.logprobs === 'none'
          ? null
          : {
              tokens: all.slice(from).map((token) => textOf(engine, [token])),
              token_logprobs: told.slice(from),
            },
    });
    read += given.length;
  }
  const usage = { prompt_tokens: read, completion_tokens: prompts.length * max_tokens };
  return { choices, usage };
}

async function natsAfterThemselves(engine: TestEngine, tokens: number[]): Promise<number[]> {
  const told: number[] = [];
  for (const [i, token] of tokens.entries()) {
    told.push(...(await engine.nats(tokens.slice(0, i + 1), [token])));
  }
  return told;
}

/** llama-server's /tokenize with the pieces: text where it is text, else bytes. */
function piecesOf(engine: TestEngine, content: string): unknown[] {
  return engine.tokenize(content).map((id) => {
    const text = textOf(engine, [id]);
    return { id, piece: text.includes('\uFFFD') ? [...engine.bytes(id)] : text };
  });
}

/** llama-server's /completion with a grammar of token numbers, none of which may be a part of a character. */
async function force(
  engine: TestEngine,
  { prompt, grammar, n_predict, n_probs }: ForcedBody,
): Promise<unknown> {
  const forced = [...grammar.matchAll(/<\[(\d+)\]>/g)].map(([, id]) => Number(id));
  const said = forced.slice(0, n_predict);
  if (textOf(engine, said).includes('\uFFFD')) throw new Error('unexpected empty grammar stack');
  const nats = await engine.nats(prompt, said);
  const steps: unknown[] = [];
  for (const [i, id] of said.entries()) {
    const all = await engine.allNats([...prompt, ...said.slice(0, i)]);
    const top = all
      .map((logprob, token) => ({ id: token, logprob }))
      .sort((a, b) => b.logprob - a.logprob)
      .slice(0, n_probs);
    steps.push({ id, logprob: nats[i], top_logprobs: top });
  }
  return { completion_probabilities: steps };
}

function likeliest(nats: readonly number[]): number {
  return nats.indexOf(Math.max(...nats));
}

function textOf(engine: TestEngine, tokens: readonly number[]): string {
  return Buffer.concat(tokens.map((token) => engine.bytes(token))).toString('utf8');
}

/**
 * An engine without a model: a token is a byte, or "the", and what comes next depends on the token before it
 * alone, by a fixed table.
 */
export const tableEngine: TestEngine = {
  tokenize: (text) => [...Buffer.from(text.replaceAll('the', '\u0001'), 'utf8')],
  bytes: (token) => (token === 1 ? Buffer.from('the') : Uint8Array.of(token)),
  nats: async (before, next) =>
    next.map((token, i) => tableNats(i === 0 ? before.at(-1)! : next[i - 1]!)[token]!),
  allNats: async (before) => tableNats(before.at(-1)!),
};

export function tableNats(before: number): number[] {
  const weights = Array.from({ length: 256 }, (_, token) => {
    const isLetter = token >= 97 && token <= 122;
    return (isLetter ? 20 : 1) * (1 + ((before * 37 + token * 101 + before * token) % 23)) ** 3;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.log(weight / total));
}
