import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../engine/adapter.ts';
import { Model } from '../engine/model.ts';
import { noSteering, type Steering } from '../steer/steering.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { type SpeakOptions, speak, speakTogether, spoken } from './speak.ts';

let folder: string;
let model: Model;
let control: Adapter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-together-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  const direction = Float32Array.from({ length: model.info.width }, (_, i) => Math.sin(i));
  control = await model.controlVector(new Map([[0, direction]]));
});
afterAll(() => rm(folder, { recursive: true }));

const prompt = (): Int32Array => model.tokenize('the king and the ghost');

/** Pushes by the text so far, forbids some words, and acts on the model itself. */
const steering = (): Steering => ({
  ...noSteering(),
  grammars: ['%ban { a the of "king and" }\n'],
  after: (text) => new Map([[30 + (text.length % 7), 2]]),
  control: { adapter: control, scale: 0.5 },
});

const asked = (seed: number): SpeakOptions => ({
  steering: steering(),
  names: ['MARTA'],
  sampling: { seed, temperature: 1 },
  maxTokens: 10 + seed,
  stop: ['xyz'],
});

describe('Drafts spoken together', () => {
  it('are those that are spoken one after another at the same seeds', async () => {
    using cache = await model.cache({ sessions: 3 });
    using first = await cache.session();
    await first.become(prompt());
    using second = await first.fork();
    using third = await first.fork();
    const sessions = [first, second, third];
    const together = await spoken(
      speakTogether(
        sessions.map((session, i) => ({ session, prompt: prompt(), options: asked(i + 1) })),
      ),
    );
    using alone = await model.session();
    for (const [i, { text, tokens, stop }] of together.entries()) {
      const said = await spoken(speak(alone, prompt(), asked(i + 1)));
      expect(tokens).toEqual(said.tokens);
      expect([text, stop]).toEqual([said.text, said.stop]);
    }
  });

  it('stop when the signal aborts', async () => {
    using session = await model.session();
    const signal = AbortSignal.abort(new Error('enough'));
    const part = { session, prompt: prompt(), options: asked(1) };
    await expect(spoken(speakTogether([part], signal))).rejects.toThrow('enough');
  });
});

describe('Characters who share a cache', () => {
  it('say together, each with an adapter and a steering of its own, what each says alone', async () => {
    const names = ['MARTA', 'BRUNO', 'PETRA', 'HUGO'];
    const actives = await Promise.all(
      names.map(async (name, i) => {
        const path = join(folder, `${name}.gguf`);
        await writeTinyAdapter(path, { seed: 20 + i });
        return [{ adapter: await model.adapter(path), scale: 1 - i / 10 }];
      }),
    );
    const promptOf = (i: number) => model.tokenize(`the king and ${names[i]} on the wall`);
    const optionsOf = (i: number): SpeakOptions => ({ ...asked(i + 1), names: [names[i]!] });

    using cache = await model.cache({ sessions: 4, window: 128 });
    const parts = await Promise.all(
      actives.map(async (active, i) => {
        const session = await cache.session();
        session.setAdapters(active);
        return { session, prompt: promptOf(i), options: optionsOf(i) };
      }),
    );
    const texts = names.map(() => '');
    const speaking = speakTogether(parts);
    let step = await speaking.next();
    for (; !step.done; step = await speaking.next()) texts[step.value.part] += step.value.text;
    const together = step.value;
    expect(together.map(({ text }) => text)).toEqual(texts);
    expect(new Set(texts).size).toBe(4);
    for (const [i, active] of actives.entries()) {
      using alone = await model.session({ window: 128 });
      alone.setAdapters(active);
      const { tokens, stop } = await spoken(speak(alone, promptOf(i), optionsOf(i)));
      expect(together[i]).toMatchObject({ tokens, stop });
    }
    for (const { session } of parts) session[Symbol.dispose]();
  });
});

describe('The opening of a reply', () => {
  it('is drawn under a bias of its own, which its other tokens are free of', async () => {
    using session = await model.session();
    const likeliest = {
      names: [],
      steering: noSteering(),
      sampling: { temperature: 0 },
      maxTokens: 8,
    };
    const plain = await spoken(speak(session, prompt(), likeliest));
    const [first] = plain.tokens;
    const opening = new Map([[first!, Number.NEGATIVE_INFINITY]]);
    const other = await spoken(speak(session, prompt(), { ...likeliest, opening }));
    expect(other.tokens[0]).not.toBe(first);
    // What comes after it is what comes after it without a bias.
    const begun = Int32Array.from([...prompt(), other.tokens[0]!]);
    const rest = await spoken(speak(session, begun, { ...likeliest, maxTokens: 7 }));
    expect(other.tokens.slice(1)).toEqual(rest.tokens);
  });
});
