import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../actor/reply.ts';
import { Model } from '../engine/model.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { Dramatis } from './dramatis.ts';
import type { ActorRequest } from './open-actor.ts';
import type { OpenedActor, SayOptions } from './opened-actor.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-workspace-'));
const file = (name: string): string => join(at, name);
const asked: ActorRequest = {
  play: file('lantern.md'),
  model: file('tiny.gguf'),
  form: 'script',
  memory: false,
};

beforeAll(async () => {
  await writeTinyModel(file('tiny.gguf'), { context: 1024 });
  writeFileSync(file('lantern.md'), printings.Markdown!);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(at, { recursive: true }));

const open = () =>
  Dramatis.open({ hub: { env: { DRAMATIS_HOME: file('home') } }, compute: { gpu: 'off' } });

/** What an actor says, and the record of it. */
async function said(
  actor: OpenedActor,
  text: string,
  options: SayOptions,
): Promise<[string, Reply]> {
  const pieces = actor.say(text, { maxTokens: 24, ...options });
  let words = '';
  let step = await pieces.next();
  for (; !step.done; step = await pieces.next()) words += step.value.text;
  return [words, step.value];
}

describe('Dramatis', () => {
  it('loads a model once for all its clients, and frees it when the last has left', async () => {
    const loads = vi.spyOn(Model, 'open');
    const dramatis = await open();
    const [marta, bruno] = await Promise.all([
      dramatis.actor('marta', asked),
      dramatis.actor('bruno', asked),
    ]);
    const training = await dramatis.model(file('tiny.gguf'));
    expect(loads).toHaveBeenCalledTimes(1);
    const { model } = training;
    marta[Symbol.dispose]();
    training[Symbol.dispose]();
    expect((await said(bruno, 'Who keeps the light?', { seed: 1 }))[1].tokens).toBeGreaterThan(0);
    expect(model.tokenize('light').length).toBeGreaterThan(0);
    bruno[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(dramatis.models.size).toBe(0);
    expect(() => model.tokenize('light')).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    using again = await dramatis.model(file('tiny.gguf'));
    expect(loads).toHaveBeenCalledTimes(2);
    expect(again.model).not.toBe(model);
  });

  it('lets several actors speak on one cache, each as in one of its own', async () => {
    const dramatis = await open();
    using loaded = await dramatis.model(file('tiny.gguf'));
    using cache = await loaded.model.cache({ sessions: 2 });
    using marta = await dramatis.actor('marta', { ...asked, cache });
    using bruno = await dramatis.actor('bruno', { ...asked, cache });
    const shared = [
      (await said(marta, 'Who keeps the light?', { seed: 3 }))[0],
      (await said(bruno, 'Who keeps the light?', { seed: 3 }))[0],
    ];
    expect((await cache.usage()).open).toBe(2);
    using alone = await dramatis.actor('marta', asked);
    using other = await dramatis.actor('bruno', asked);
    expect(shared).toEqual([
      (await said(alone, 'Who keeps the light?', { seed: 3 }))[0],
      (await said(other, 'Who keeps the light?', { seed: 3 }))[0],
    ]);
    await expect(dramatis.actor('marta', { ...asked, cache })).rejects.toMatchObject({
      code: 'MEMORY_SHORT',
    });
  });

  it('shares nothing with another', async () => {
    const loads = vi.spyOn(Model, 'open');
    using one = await (await open()).model(file('tiny.gguf'));
    using two = await (await open()).model(file('tiny.gguf'));
    expect(loads).toHaveBeenCalledTimes(2);
    expect(one.model).not.toBe(two.model);
  });

  it('frees a model whose actor could not be opened', async () => {
    const dramatis = await open();
    const tooWide = { ...asked, context: 2 ** 20 };
    await expect(dramatis.actor('marta', tooWide)).rejects.toMatchObject({
      code: 'WINDOW_EXCEEDED',
    });
    expect(dramatis.models.size).toBe(0);
  });
});

describe('An opened actor', () => {
  it('says the same with the same seed, and keeps the conversation', async () => {
    const dramatis = await open();
    using first = await dramatis.actor('marta', asked);
    using second = await dramatis.actor('marta', asked);
    const [words, reply] = await said(first, 'Who keeps the light?', { seed: 7 });
    expect(reply).toMatchObject({ reply: words, seed: 7, stop: expect.any(String) });
    expect((await said(second, 'Who keeps the light?', { seed: 7 }))[0]).toBe(words);
    const [, next] = await said(first, 'And who are you?', {});
    expect(next.promptTokens).toBeGreaterThan(reply.promptTokens + reply.tokens);
  });

  it('draws as it is asked to, for one reply', async () => {
    const dramatis = await open();
    using marta = await dramatis.actor('marta', asked);
    const [, short] = await said(marta, 'Who keeps the light?', { seed: 7, maxTokens: 3 });
    expect(short.tokens).toBeLessThanOrEqual(3);
    const greedy = { sampling: { temperature: 0 } };
    using other = await dramatis.actor('marta', asked);
    using third = await dramatis.actor('marta', asked);
    expect((await said(other, 'Who?', { ...greedy, seed: 1 }))[0]).toBe(
      (await said(third, 'Who?', { ...greedy, seed: 2 }))[0],
    );
  });

  it('stops within a step when the signal aborts', async () => {
    const dramatis = await open();
    using marta = await dramatis.actor('marta', asked);
    const leaving = AbortSignal.abort(new Error('enough'));
    await expect(said(marta, 'Who?', { signal: leaving })).rejects.toThrow('enough');
  });
});
