import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ScoreAnswer } from '../../../measure/row.ts';
import { serve, type TestServer } from '../../../testing/http-server.ts';
import { lantern } from '../../../testing/plays/lantern.ts';
import { noComponents } from '../../subject.ts';
import type { Context } from '../../task.ts';
import { EndpointSubject } from './endpoint-subject.ts';
import { type Quirks, serveEngine, tableEngine, tableNats } from './openai-server.test.support.ts';
import { pageOf } from './page.ts';

const source = { shown: lantern };
const speaker = lantern.cast[0]!.name;
const other = lantern.cast[1]!.name;

const open = ({ url }: TestServer, options: { model?: string; persona?: boolean } = {}) =>
  EndpointSubject.open({
    url,
    source,
    levers: { persona: options.persona ?? false, memory: false },
    ...(options.model !== undefined && { model: options.model }),
  });
const opened = async (quirks: Quirks = {}): Promise<EndpointSubject> =>
  open(await serveEngine(tableEngine, quirks));

/** Summed over the tokens of `page + words` from number `border` on, by the table, one by one. */
function expected(page: string, words: string, border: number): number {
  const tokens = tableEngine.tokenize(page + words);
  let sum = 0;
  for (let i = border; i < tokens.length; i++) sum += tableNats(tokens[i - 1]!)[tokens[i]!]!;
  return sum;
}

const scene: Context = {
  kind: 'scene',
  turns: [{ speaker: other, text: 'Who keeps the light?' }],
  speaker,
};
const choices = ['I do, by the sea.', 'Nobody.', 'Ask the café, then — “now”.'];
const scoring = { kind: 'score', context: scene, continuations: choices } as const;

/** Everything that scores the same, though it is asked otherwise. */
const servers: Readonly<Record<string, Quirks>> = {
  'takes many texts a request': {},
  'takes one text a request': { takesLists: false },
  'is a llama-server, which does not echo': { echo: 'refused', isLlamaServer: true },
};

describe('EndpointSubject', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  for (const [name, quirks] of Object.entries(servers)) {
    it(`scores words by the server's probabilities where it ${name}`, async () => {
      const subject = await opened(quirks);
      const { answers, usage } = await subject.answerUnit([scoring, { ...scoring }]);
      const page = `\n${other}. Who keeps the light?\n\n${speaker}.`;
      const border = tableEngine.tokenize(page).length;
      const { nats, tokens } = answers[1] as ScoreAnswer;
      for (const [i, words] of choices.entries()) {
        expect(nats[i]).toBeCloseTo(expected(page, ` ${words}`, border), 6);
        expect(tokens[i]).toBe(tableEngine.tokenize(` ${words}`).length);
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(usage.scoredTokens).toBe(2 * tokens.reduce((sum, n) => sum + n, 0));
      expect(usage.evaluatedTokens).toBeGreaterThanOrEqual(usage.scoredTokens + 6 * border);
    });

    it(`counts a token over the border with the words of every choice where it ${name}`, async () => {
      const subject = await opened(quirks);
      const context = { kind: 'text', text: 'over t' } as const;
      const continuations = ['he sea', 'o land'];
      const { answers } = await subject.answerUnit([{ kind: 'score', context, continuations }]);
      const { nats, tokens } = answers[0] as ScoreAnswer;
      const border = '\nover '.length; // "the" is one token
      expect(tokens).toEqual([' sea'.length + 1, 'to land'.length]);
      continuations.forEach((words, i) => {
        expect(nats[i]).toBeCloseTo(expected('\nover t', words, border), 6);
      });
    });
  }

  it('says what the server says next, and no more than was asked for', async () => {
    const subject = await opened();
    const request = {
      kind: 'text',
      context: scene,
      seed: 1,
      maxTokens: 7,
      temperature: 0,
    } as const;
    const { answers, usage } = await subject.answerUnit([request, scoring, request]);
    expect(answers[0]).toMatchObject({ kind: 'text', tokens: 7, stop: 'length' });
    expect(answers[0]).toEqual(answers[2]);
    expect(answers[1]).toMatchObject({ kind: 'score' });
    expect(usage.generatedTokens).toBe(14);
  });

  it('tells of persona where that lever is on, and only there', async () => {
    const server = await serveEngine(tableEngine);
    const subject = await open(server, { persona: true });
    const bare = subject.withComponents(noComponents);
    const page = (levers: typeof noComponents) => pageOf(scene, source, levers);
    expect((await page(subject.levers)).text).toContain(lantern.title.toUpperCase());
    expect((await page(bare.levers)).text).not.toContain(lantern.title.toUpperCase());
    const told = (await subject.answerUnit([scoring])).usage;
    const untold = (await bare.answerUnit([scoring])).usage;
    expect(told.scoredTokens).toBe(untold.scoredTokens);
    expect(told.evaluatedTokens).toBeGreaterThan(untold.evaluatedTokens);
    expect(subject.levers).toEqual({ ...noComponents, persona: true });
  });

  it('is shown another play without asking the server again what it can do', async () => {
    const server = await serveEngine(tableEngine);
    const subject = await open(server, { persona: true });
    const asked = server.requests.length;
    const moved = subject.withSource({ shown: { ...lantern, title: 'The Quay' } });
    expect(server.requests).toHaveLength(asked);
    const here = (await subject.answerUnit([scoring])).usage;
    const there = (await moved.answerUnit([scoring])).usage;
    expect(there.scoredTokens).toBe(here.scoredTokens);
    expect(there.evaluatedTokens).toBeLessThan(here.evaluatedTokens); // a shorter title
    expect(moved.levers).toEqual(subject.levers);
  });

  it('sends the key of OPENAI_API_KEY', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-environment');
    const server = await serveEngine(tableEngine);
    await open(server);
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(new Set(sent)).toEqual(new Set(['Bearer sk-of-the-environment']));
  });
});

describe('EndpointSubject.open', () => {
  it('names the models there are when another is asked for', async () => {
    const server = await serveEngine(tableEngine);
    await expect(open(server, { model: 'large' })).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
      message: expect.stringMatching(/no model "large" .* it has: tiny$/),
    });
  });

  it('wants a name where there are several models', async () => {
    const server = await serve((_, response) => response.end('{"data":[{"id":"a"},{"id":"b"}]}'));
    await expect(open(server)).rejects.toThrow(/no model was named .* it has: a, b$/);
  });

  const unfit: Readonly<Record<string, readonly [Quirks, RegExp]>> = {
    'refuses to repeat a text': [{ echo: 'refused' }, /says 400: .*Only no echo is supported/],
    'does not repeat a text': [{ echo: 'ignored' }, /does not repeat/],
    'tells no log-probabilities': [{ logprobs: 'none' }, /tells no log-probabilities/],
    'tells those of other tokens': [{ isShifted: true }, /generates ".+" with log-probability/],
  };
  for (const [name, [quirks, message]] of Object.entries(unfit)) {
    it(`refuses a server that ${name}, and says so`, async () => {
      await expect(opened(quirks)).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: expect.stringMatching(message),
        remedy: expect.stringContaining('llama-server'),
      });
    });
  }
});
