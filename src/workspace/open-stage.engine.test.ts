import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readScene } from '../stage/past-scenes.ts';
import type { StageNews } from '../stage/stage.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { type AgainEvent, deriveScene, takeAgain } from './check-scene.ts';
import { Dramatis } from './dramatis.ts';
import type { CompanyRequest } from './open-company.ts';
import type { OpenedStage, SceneRequest } from './open-stage.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-open-stage-'));
const file = (name: string): string => join(at, name);
const play = file('lantern.md');
const asked: SceneRequest & CompanyRequest = {
  ...{ names: ['marta', 'bruno'], play, model: file('tiny.gguf'), memory: false, steer: [] },
  ...{ limits: { turns: 2 }, maxTokens: 8, seed: 5, policy: 'round-robin' },
};

let dramatis: Dramatis;
beforeAll(async () => {
  await writeTinyModel(file('tiny.gguf'), { context: 1024 });
  writeFileSync(play, printings.Markdown!);
  dramatis = await Dramatis.open({
    hub: { env: { DRAMATIS_HOME: file('home') } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

/** Plays what is opened until it rests. */
async function played(opened: OpenedStage): Promise<OpenedStage> {
  const news: StageNews[] = [];
  for await (const one of opened.stage.run()) news.push(one);
  return opened;
}
const sceneOf = ({ stage }: OpenedStage) => readScene(stage.transcript.path);

async function again(opened: OpenedStage): Promise<readonly AgainEvent[]> {
  const events: AgainEvent[] = [];
  for await (const one of takeAgain(dramatis, await sceneOf(opened), { play })) events.push(one);
  return events;
}

describe('Dramatis.stage', () => {
  it('opens a scene that is worked out again to the byte, prompts among it', async () => {
    await using opened = await played(await dramatis.stage(asked));
    const scene = await sceneOf(opened);
    const check = await deriveScene(dramatis, scene, { play });
    expect(check.difference).toBeUndefined();
    expect(check.unchecked.join()).not.toContain('prompts');
    const other = scene.records.map((event) =>
      event.kind === 'view' ? { ...event, hash: event.hash.replace(/^./, 'g') } : event,
    );
    const wrong = await deriveScene(dramatis, { ...scene, records: other }, { play });
    expect(wrong.difference).toMatchObject({ kind: 'view', what: 'hash' });
  });

  it('opens a scene that the model takes again token by token', async () => {
    await using opened = await played(await dramatis.stage(asked));
    const events = await again(opened);
    expect(events[0]).toEqual({ kind: 'engine', differences: [] });
    expect(events.length).toBeGreaterThan(1);
    for (const event of events.slice(1)) expect(event).toMatchObject({ difference: undefined });
  });

  it('goes on with what the scene was opened with, and writes down what is otherwise', async () => {
    const opened = await played(await dramatis.stage({ ...asked, context: 900 }));
    const id = opened.stage.state.open!.id;
    await opened[Symbol.asyncDispose]();
    const resumed = await dramatis.resumeStage(id, { play });
    expect(resumed.stage.state.levers).toEqual({});
    await resumed[Symbol.asyncDispose]();
    await using wider = await dramatis.resumeStage(id, { play, context: 1000 });
    expect(wider.stage.state.levers).toEqual({ window: 1000 });
    await wider.stage.resume();
    await wider.stage.allow('turns', 1);
    await played(wider);
    const check = await deriveScene(dramatis, await sceneOf(wider), { play });
    expect(check.difference).toBeUndefined();
    await wider[Symbol.asyncDispose]();
    await expect(dramatis.resumeStage(id)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is played by one at a time: a second one is told, and may fork it', async () => {
    const opened = await dramatis.stage(asked);
    const { id } = opened.stage.transcript;
    const events = opened.stage.state.n;
    await expect(dramatis.resumeStage(id, { play })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(
        new RegExp(`^the scene ${id} is open in process ${process.pid} `),
      ),
      remedy: expect.stringContaining(`stage fork ${id}`),
    });
    const { transcript } = opened.stage;
    expect((await transcript.read()).records).toHaveLength(events);
    const fork = await transcript.fork(dramatis.folders.conversations, events);
    await (await dramatis.resumeStage(fork.id, { play }))[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
    await (await dramatis.resumeStage(id, { play }))[Symbol.asyncDispose]();
  });

  it('says nothing more of a scene that another has taken over', async () => {
    await using opened = await dramatis.stage(asked);
    rmSync(`${opened.stage.transcript.path}.owner.lock`);
    await using other = await dramatis.resumeStage(opened.stage.transcript.id, { play });
    await expect(opened.stage.note('It is dark.')).rejects.toMatchObject({ code: 'LOCKED' });
    await other.stage.note('It dawns.');
    const said = JSON.stringify((await sceneOf(other)).records);
    expect(said).toContain('It dawns.');
    expect(said).not.toContain('It is dark.');
  });

  it('opens scenes beside one another on one cache, where they take their steps together', async () => {
    const alone: string[][] = [];
    for (const seed of [5, 6]) {
      await using opened = await played(await dramatis.stage({ ...asked, seed }));
      alone.push(opened.stage.state.turns.map(({ text }) => text));
    }
    using opened = await dramatis.model(asked.model);
    using cache = await opened.model.cache({ sessions: 4, window: 1024 });
    const scenes = await Promise.all(
      [5, 6].map((seed) => dramatis.stage({ ...asked, seed, cache })),
    );
    const draw = vi.spyOn(cache.steps, 'draw');
    await Promise.all(scenes.map(played));
    expect(scenes.map(({ stage }) => stage.state.turns.map(({ text }) => text))).toEqual(alone);
    expect(draw.mock.calls.every(([, { isPatient }]) => isPatient)).toBe(true);
    for (const scene of scenes) await scene[Symbol.asyncDispose]();
    expect((await cache.usage()).open).toBe(0);
  });

  it('lets the model choose who speaks, by a session of its own', async () => {
    await using opened = await played(await dramatis.stage({ ...asked, policy: 'model' }));
    const { records } = await sceneOf(opened);
    const choices = records.filter((event) => event.kind === 'next');
    expect(choices.length).toBeGreaterThan(0);
    for (const { by, features } of choices) {
      expect(by).toBe('model');
      expect(features).toHaveLength(1);
    }
    const check = await deriveScene(dramatis, await sceneOf(opened), { play });
    expect(check.difference).toBeUndefined();
  });

  it('plays a script and asks a person, and neither is spoken by the model', async () => {
    const script = file('script.jsonl');
    writeFileSync(script, '{"speaker":"Marta","text":"Who keeps the light?"}\n');
    await using opened = await played(
      await dramatis.stage({ ...asked, script, humans: ['bruno'], names: ['marta', 'bruno'] }),
    );
    const { state } = opened.stage;
    expect(state.open?.cast).toEqual([
      { name: 'MARTA', playedBy: 'script' },
      { name: 'BRUNO', playedBy: 'human' },
    ]);
    expect(state.asked).toBe('BRUNO');
    expect(state.counting.some(({ kind }) => kind === 'view')).toBe(false);
  });

  it('refuses an adapter of another base, and keeps no scene', async () => {
    const conversations = file('other-conversations');
    using elsewhere = await Dramatis.open({
      folders: { conversations },
      hub: { env: { DRAMATIS_HOME: file('home') } },
      compute: { gpu: 'off' },
    });
    await writeTinyAdapter(file('other.gguf'), { width: 128 });
    const adapters = new Map([['marta', file('other.gguf')]]);
    await expect(elsewhere.stage({ ...asked, adapters })).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
    });
    expect(existsSync(conversations)).toBe(false);
  });
});
