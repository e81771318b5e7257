import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../../../engine/model.ts';
import { greedy } from '../../../engine/sampling.ts';
import type { Session } from '../../../engine/session/session.ts';
import type { ScoreAnswer, TextAnswer } from '../../../measure/row.ts';
import { writeTinyModel } from '../../../testing/models/tiny-model.ts';
import { lantern } from '../../../testing/plays/lantern.ts';
import { noComponents } from '../../subject.ts';
import { EndpointSubject } from './endpoint-subject.ts';
import { type Quirks, serveEngine, type TestEngine } from './openai-server.test.support.ts';
import { pageOf } from './page.ts';

let folder: string;
let model: Model;
let session: Session;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-endpoint-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  session = await model.session();
});
afterAll(async () => {
  session[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** Our own engine behind the server, one call at a time. */
function engineOf(): TestEngine {
  let last: Promise<unknown> = Promise.resolve();
  const score = (before: readonly number[], texts: readonly (readonly number[])[]) => {
    const run = last.then(() =>
      session.score(
        Int32Array.from(before),
        texts.map((text) => Int32Array.from(text)),
      ),
    );
    last = run.catch(() => {});
    return run;
  };
  const vocabulary = Array.from({ length: model.info.vocabulary }, (_, token) => [token]);
  return {
    tokenize: (text) => [...model.tokenize(text)],
    bytes: (token) => model.piece(token),
    nats: async (before, next) => (next.length === 0 ? [] : [...(await score(before, [next]))[0]!]),
    allNats: async (before) => (await score(before, vocabulary)).map(([nats]) => nats!),
  };
}

const source = { shown: lantern };
const context = {
  kind: 'scene',
  turns: [
    { speaker: 'MARTA', text: 'The lantern burns.' },
    { speaker: 'BRUNO', text: 'And the tide — “the tide” — goes out.' },
  ],
  speaker: 'MARTA',
} as const;
const continuations = ['Then the harbour is mine.', 'No.', 'Ça va; the café is on the quay.'];

const servers: Readonly<Record<string, Quirks>> = {
  'many texts a request': {},
  'one text a request': { takesLists: false },
  'tokens forced as with llama-server': { echo: 'refused', isLlamaServer: true },
};

describe('A model behind an endpoint', () => {
  for (const [name, quirks] of Object.entries(servers)) {
    it(`gives the log-probabilities that it gives here: ${name}`, async () => {
      const { url } = await serveEngine(engineOf(), quirks);
      const subject = await EndpointSubject.open({ url, source, levers: noComponents });
      const { answers } = await subject.answerUnit([{ kind: 'score', context, continuations }]);
      const { nats, tokens } = answers[0] as ScoreAnswer;
      const page = await pageOf(context, source, noComponents);
      const ours = await session.score(
        model.tokenize(page.text),
        continuations.map((words) => model.tokenize(page.continuation(words))),
      );
      for (const [i, row] of ours.entries()) {
        const sum = row.reduce((total, each) => total + each, 0);
        expect(tokens[i]).toBe(row.length);
        expect(Math.abs(nats[i]! - sum) / row.length).toBeLessThan(1e-3);
      }
    });
  }

  it('says what it says here', async () => {
    const { url } = await serveEngine(engineOf());
    const subject = await EndpointSubject.open({ url, source, levers: noComponents });
    const page = { kind: 'text', text: 'The lantern burns, and' } as const;
    const request = { kind: 'text', context: page, seed: 1, maxTokens: 9, temperature: 0 } as const;
    const { answers } = await subject.answerUnit([request]);
    const prompt = model.tokenize('\nThe lantern burns, and');
    let said = '';
    const bias = new Map(Array.from(model.info.ends, (end) => [end, -1e9] as const));
    for await (const { text } of session.generate(prompt, { sampling: greedy, maxTokens: 9, bias }))
      said += text;
    expect((answers[0] as TextAnswer).text).toBe(said.trim());
  });
});
