import OpenAI from 'openai';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { noComponents } from '../../eval/subject.ts';
import { EndpointSubject } from '../../eval/subjects/endpoint/endpoint-subject.ts';
import { pageOf } from '../../eval/subjects/endpoint/page.ts';
import { textPrompt } from '../../prompt/text-prompt.ts';
import { lantern } from '../../testing/plays/lantern.ts';
import { ask, framesOf, servedHome } from '../tiny-server.test.support.ts';

const at = servedHome();
let client: OpenAI;
let bare: string;
beforeAll(async () => {
  client = new OpenAI({ baseURL: `${at.server.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const { model } = await at.server.served.engine();
  bare = (await at.server.served.engine()).modelName;
  // A random model ends its answer anywhere, unless it has nothing but words to choose from.
  for (const word of [' the', ' my', ' his', ' you', ' that'])
    marta.logit_bias[model.model.tokenize(word)[0]!] = 60;
});

const messages = [{ role: 'user' as const, content: 'Who are you?' }];
/** Nothing of it can be recalled: there is no embedding model here. */
const marta = {
  ...{
    model: 'marta@1.2',
    messages,
    max_tokens: 8,
    seed: 7,
    dramatis: { memory: false, steer: 'off' },
  },
  logit_bias: {} as Record<string, number>,
};
const chat = (body: object) =>
  client.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming);
const streamed = async (body: object) => {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const asked = { ...body, stream: true } as OpenAI.ChatCompletionCreateParamsStreaming;
  for await (const chunk of await client.chat.completions.create(asked)) chunks.push(chunk);
  return chunks;
};
const post = (path: string, body: unknown) => ask(at.server.url, path, { body });

describe('The official client', () => {
  it('finds characters and the bare model', async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toContain(bare);
    expect(await client.models.retrieve('marta@1.2')).toMatchObject({
      meta: { character: 'MARTA', at: '1.2', play: 'lantern' },
    });
    expect(await client.models.retrieve('lantern/marta')).toMatchObject({ owned_by: 'dramatis' });
    await expect(client.models.retrieve('marda')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      message: expect.stringContaining('marta'),
    });
  });

  it('is answered by a character, the same words at the same seed', async () => {
    const answer = await chat(marta);
    const { choices, usage } = answer;
    expect(choices[0]).toMatchObject({ finish_reason: 'length', logprobs: null });
    expect(usage!.completion_tokens).toBe(8);
    expect(usage!.total_tokens).toBe(usage!.prompt_tokens + 8);
    expect((await chat(marta)).choices[0]!.message.content).toBe(choices[0]!.message.content);
    expect((await chat({ ...marta, seed: 8 })).choices).not.toEqual(choices);
  });

  it('looks for the play of a name once, and not at every request', async () => {
    await chat(marta);
    const looked = vi.spyOn(at.server.served.plays, 'list');
    await chat(marta);
    expect(looked).not.toHaveBeenCalled();
    looked.mockRestore();
  });

  it('reads a stream that says what the whole answer says, usage only where it is asked for', async () => {
    const whole = (await chat({ ...marta, n: 2 })).choices.map(({ message }) => message.content);
    const chunks = await streamed({ ...marta, n: 2, stream_options: { include_usage: true } });
    const said = [0, 1].map((index) =>
      chunks
        .flatMap(({ choices }) => choices)
        .filter((one) => one.index === index)
        .map(({ delta }) => delta.content ?? '')
        .join(''),
    );
    expect(said).toEqual(whole);
    const last = chunks.at(-1)!;
    expect(last.choices).toEqual([]);
    expect(last.usage).toMatchObject({ completion_tokens: 16 });
    for (const chunk of chunks.slice(0, -1)) expect(chunk.usage).toBeNull();
    const without = await streamed(marta);
    expect(without.every((chunk) => !('usage' in chunk))).toBe(true);
    const reasons = without.flatMap(({ choices }) => choices.map((one) => one.finish_reason));
    expect(reasons.at(-1)).toBe('length');
    expect(reasons.slice(0, -1).every((reason) => reason === null)).toBe(true);
  });

  it('is told how likely each token was, with and without others, whole and in a stream', async () => {
    const asked = { model: bare, messages, max_tokens: 5, seed: 1, temperature: 0, logprobs: true };
    for (const top of [0, 5]) {
      const body = { ...asked, top_logprobs: top };
      const content = (await chat(body)).choices[0]!.logprobs!.content!;
      expect(content).toHaveLength(5);
      for (const one of content) {
        expect(one.logprob).toBeLessThanOrEqual(0);
        expect(one.top_logprobs).toHaveLength(top);
        expect(Buffer.from(one.bytes!).toString()).toBe(one.token);
      }
      const parts = (await streamed(body)).flatMap(({ choices }) =>
        choices.flatMap(({ logprobs }) => logprobs?.content ?? []),
      );
      // What is read again is read in a step of another size, whose sums differ in the last bits.
      const near = ({ logprob, ...one }: { token: string; logprob: number }) => ({
        ...one,
        logprob: expect.closeTo(logprob, 5),
      });
      expect(parts).toEqual(
        content.map((one) => ({ ...near(one), top_logprobs: one.top_logprobs.map(near) })),
      );
    }
  });

  it('has its stops, biases and formats respected', async () => {
    const asked = { model: bare, messages, max_tokens: 12, seed: 3 };
    const text = (await chat(asked)).choices[0]!.message.content!;
    const stop = text.slice(3, 5);
    const stopped = (await chat({ ...asked, stop: [stop] })).choices[0]!;
    expect(stopped.finish_reason).toBe('stop');
    expect(stopped.message.content).toBe(text.slice(0, text.indexOf(stop)));
    const { model } = await at.server.served.engine();
    const token = model.model.tokenize(' the')[0]!;
    const biased = await chat({ ...asked, logit_bias: { [token]: 100 } });
    expect(biased.choices[0]!.message.content).toMatch(/^( the)+/);
    const schema = { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] };
    const json_schema = { name: 'a', schema: { ...schema, additionalProperties: false } };
    const format = { response_format: { type: 'json_schema', json_schema } };
    for (const who of [asked, { ...marta, logit_bias: {} }]) {
      const answer = await chat({ ...who, ...format, max_tokens: 40 });
      expect(typeof JSON.parse(answer.choices[0]!.message.content!).a).toBe('boolean');
    }
  });

  it('has names of messages taken for who speaks, and what a system says for a direction', async () => {
    const scene = [
      { role: 'system', content: 'It is night.' },
      { role: 'user', name: 'bruno', content: 'Marta!' },
      { role: 'user', content: [{ type: 'text', text: 'Who calls?' }] },
    ];
    const explained = { ...marta.dramatis, explain: true, to: 'bruno', cast: ['marta', 'bruno'] };
    const answer = await chat({ ...marta, messages: scene, dramatis: explained });
    expect(answer).toMatchObject({ dramatis: { character: 'MARTA', play: 'lantern' } });
  });

  it('goes on with texts, and is told how likely they are', async () => {
    const body = { model: bare, prompt: ['the king', 'a ghost'], max_tokens: 1, echo: true };
    const { choices } = await client.completions.create({ ...body, logprobs: 1, temperature: 0 });
    for (const [i, { text, logprobs }] of choices.entries()) {
      expect(text.startsWith(body.prompt[i]!)).toBe(true);
      expect(logprobs!.tokens!.join('')).toBe(text);
      expect(logprobs!.token_logprobs!.every((nats) => nats < 0)).toBe(true);
    }
    const asked = { model: bare, prompt: 'the king', max_tokens: 4, seed: 2 };
    const whole = (await client.completions.create(asked)).choices[0]!.text;
    let said = '';
    for await (const chunk of await client.completions.create({ ...asked, stream: true }))
      said += chunk.choices[0]?.text ?? '';
    expect(said).toBe(whole);
  });

  it('is measured by our own benchmark as a model here is', async () => {
    const { model } = (await at.server.served.engine()).model;
    using session = await model.session();
    const source = { shown: lantern };
    const subject = await EndpointSubject.open({
      ...{ url: `${at.server.url}/v1`, model: bare, source, levers: noComponents },
    });
    expect(subject.served.scorer.name).toMatch(/^echo/);
    const context = {
      kind: 'scene',
      turns: [{ speaker: 'MARTA', text: 'The lantern burns.' }],
      speaker: 'BRUNO',
    } as const;
    const continuations = ['Then the harbour is mine.', 'No.'];
    const { answers } = await subject.answerUnit([{ kind: 'score', context, continuations }]);
    const page = await pageOf(context, source, noComponents);
    const ours = await session.score(
      textPrompt(model, page.text, Number.POSITIVE_INFINITY).tokens,
      continuations.map((words) => model.tokenize(page.continuation(words))),
    );
    const [scored] = answers;
    const nats = scored?.kind === 'score' ? scored.nats : [];
    for (const [i, row] of ours.entries())
      expect(nats[i]).toBeCloseTo(
        row.reduce((sum, each) => sum + each, 0),
        2,
      );
  });

  it('is told what is wrong, by the parameter, in the shape it knows', async () => {
    const long = [{ role: 'user', content: 'word '.repeat(5000) }];
    const wrong: [object, object][] = [
      [{ messages: [] }, { status: 400, param: 'messages' }],
      [{ temperature: 3 }, { status: 400, param: 'temperature' }],
      [{ top_p: 0 }, { status: 400, param: 'top_p' }],
      [{ n: 5 }, { status: 400, param: 'n' }],
      [{ stop: ['a', 'b', 'c', 'd', 'e'] }, { status: 400, param: 'stop' }],
      [
        { max_tokens: 2, max_completion_tokens: 3 },
        { status: 400, param: 'max_completion_tokens' },
      ],
      [{ top_logprobs: 3 }, { status: 400, param: 'top_logprobs' }],
      [{ tools: [{}] }, { status: 400, code: 'unsupported_parameter', param: 'tools' }],
      [{ messages: long }, { status: 400, code: 'context_length_exceeded' }],
      [{ dramatis: { at: '9.9', memory: false } }, { status: 404, code: 'place_unknown' }],
      [
        { dramatis: { adapter: 'abcdef', memory: false } },
        { status: 404, code: 'adapter_unknown' },
      ],
      [{ model: 'nobody' }, { status: 404, code: 'model_not_found' }],
      [{ model: 'marte@1.2' }, { status: 404, message: expect.stringMatching(/marta/i) }],
      [{ response_format: { type: 'json_schema' } }, { status: 400 }],
    ];
    for (const [more, failure] of wrong)
      await expect(
        chat({ ...marta, ...more }),
        JSON.stringify(more).slice(0, 80),
      ).rejects.toMatchObject(failure);
    const both = { ...marta, max_tokens: 3, max_completion_tokens: 3 };
    expect((await chat(both)).usage!.completion_tokens).toBe(3);
    expect((await post('/v1/embeddings', { model: bare, input: 'a' })).status).toBe(404);
    expect((await post('/v1/chat/completions', '{"model": ')).status).toBe(400);
    for (const size of [1 << 21, 10_000_000])
      expect(
        (await post('/v1/chat/completions', { ...marta, messages: 'x'.repeat(size) })).status,
      ).toBe(413);
    expect(at.home.faults).toEqual([]);
  });

  it('throws where an answer breaks off in the middle', async () => {
    const { cache } = await at.server.served.engine();
    const { steps } = cache;
    const draw = steps.draw.bind(steps);
    let drawn = 0;
    steps.draw = (...given) =>
      ++drawn > 3 ? Promise.reject(new Error('the engine fell over')) : draw(...given);
    try {
      await expect(streamed(marta)).rejects.toThrow('something went wrong');
      drawn = 0;
      const response = await post('/v1/chat/completions', { ...marta, stream: true });
      const frames = framesOf(await response.text());
      expect(JSON.parse(frames.at(-1)!.data)).toMatchObject({ error: { code: 'internal_error' } });
    } finally {
      steps.draw = draw;
    }
    expect((await chat(marta)).choices).toHaveLength(1);
  });
});
