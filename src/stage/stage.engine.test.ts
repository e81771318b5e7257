import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Actor } from '../actor/actor.ts';
import { Model } from '../engine/model.ts';
import type { Cache } from '../engine/session/cache.ts';
import { noSteering, type Steering } from '../steer/steering.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { lanternOpening } from '../testing/stage-scene.ts';
import { directorOf } from './director.ts';
import { longestTurn } from './limits.ts';
import type { Performer } from './performer.ts';
import { playAgain } from './play-again.ts';
import { Stage } from './stage.ts';
import { type Opening, Transcript } from './transcript.ts';
import { viewOf } from './view.ts';

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-stage-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const cast = ['ADA', 'BEN'];

/** A random model ends wherever it likes and is fond of empty lines: these tests want letters, so that guards let some through. */
const lettersOnly = (): Steering => {
  const letters = new Set([...model.tokenize('abcdefghijklmnopqrstuvwxyz')]);
  const bias = new Map<number, number>();
  for (let token = 0; token < model.info.vocabulary; token++)
    if (!letters.has(token)) bias.set(token, Number.NEGATIVE_INFINITY);
  return { ...noSteering(12), bias };
};

interface Played extends Disposable {
  readonly stage: Stage;
  readonly actors: ReadonlyMap<string, Performer>;
}

interface Setting {
  readonly path?: string;
  readonly steering?: () => Steering;
  readonly stepTokens?: number;
}

async function opened(
  changes: Partial<Opening> = {},
  { path, steering = lettersOnly, stepTokens }: Setting = {},
): Promise<Played> {
  const cache: Cache = await model.cache({ sessions: cast.length, stepTokens });
  const actors = new Map<string, Performer>();
  let worth = 0;
  for (const name of cast) {
    const character = lighthouse.cast.find((one) => one.name === name)!;
    const actor = await Actor.open({
      ...{ play: lighthouse, character, model, cache, form: 'script' },
      steering: steering(),
      stateFolder: join(folder, 'states'),
    });
    actors.set(name, { actor, voiceOf: () => ++worth }); // a later draft is the better one
  }
  const transcript =
    path === undefined
      ? await Transcript.begin(
          folder,
          {
            ...lanternOpening,
            at: undefined,
            cast: cast.map((name) => ({ name, playedBy: 'model' })),
            director: { policy: 'round-robin', isAddressing: false },
            limits: { turns: 4 },
            maxTokens: 8,
            ...changes,
          },
          { first: [{ kind: 'enter', who: cast, by: 'situation' }] },
        )
      : new Transcript(path);
  const stage = await Stage.open({
    ...{ transcript, play: lighthouse, performers: actors },
    director: directorOf('round-robin', { play: lighthouse }),
  });
  return {
    ...{ stage, actors },
    [Symbol.dispose]: () => {
      for (const { actor } of actors.values()) actor[Symbol.dispose]();
      cache[Symbol.dispose]();
    },
  };
}

async function run(stage: Stage, signal?: AbortSignal): Promise<void> {
  for await (const _ of stage.run(signal));
}

describe('A stage whose parts a model speaks', () => {
  it('says the same at the same seed, and another thing at another', async () => {
    using one = await opened();
    using two = await opened();
    using other = await opened({ seed: 8 });
    for (const { stage } of [one, two, other]) await run(stage);
    const said = ({ stage }: Played): string[] => stage.state.turns.map(({ text }) => text);
    expect(said(one).length).toBeGreaterThan(0);
    expect(said(two)).toEqual(said(one));
    expect(said(other)).not.toEqual(said(one));
  });

  it('is played again token by token from its transcript', async () => {
    using first = await opened();
    await run(first.stage);
    const { records } = await first.stage.transcript.read();
    using second = await opened();
    const taken = [];
    for await (const one of playAgain(records, second.actors, { maxTokens: 8 })) taken.push(one);
    expect(taken.length).toBeGreaterThanOrEqual(4);
    expect(taken.filter(({ difference }) => difference)).toEqual([]);
    const changed = records.map((event) =>
      event.kind === 'turn' && event.tokens ? { ...event, tokens: event.tokens.with(1, 0) } : event,
    );
    using third = await opened();
    const again = playAgain(changed, third.actors, { maxTokens: 8 });
    const { value } = await again.next();
    expect(value).toMatchObject({ difference: { what: expect.stringMatching(/^token 2 of/) } });
  });

  it('lets those who wait read what they hear, and says no other words for it', async () => {
    const played = async (isHeard: boolean) => {
      using scene = await opened({ limits: { turns: 6 } }, { stepTokens: 16 });
      const { stage, actors } = scene;
      if (!isHeard)
        for (const { actor } of actors.values()) vi.spyOn(actor, 'hear').mockResolvedValue();
      for (const who of ['ADA', 'ADA', 'ADA', 'ADA', 'BEN']) {
        stage.callNext(who);
        for await (const _ of stage.step());
      }
      const { turns, counting } = stage.state;
      const views = counting.flatMap((event) => (event.kind === 'view' ? [event] : []));
      const unread = views.map(({ tokens, reused }) => tokens - reused);
      const { records } = await stage.transcript.read();
      return { words: turns.map(({ who, text }) => `${who}: ${text}`), unread, records };
    };
    const heard = await played(true);
    const silent = await played(false);
    expect(heard.words).toEqual(silent.words);
    expect(heard.words.at(-1)).toMatch(/^BEN/);
    expect(heard.unread.slice(0, -1)).toEqual(silent.unread.slice(0, -1));
    expect(heard.unread.at(-1)).toBeLessThanOrEqual(silent.unread.at(-1)! - 16);
    using again = await opened({}, { stepTokens: 16 });
    for await (const { difference } of playAgain(heard.records, again.actors, { maxTokens: 8 }))
      expect(difference).toBeUndefined();
  });

  it('never shows to anybody what was struck', async () => {
    // Unsteered it says what is no word.
    using played = await opened({ limits: { turns: 6 } }, { steering: () => noSteering(12) });
    const { stage } = played;
    await run(stage);
    const { records } = await stage.transcript.read();
    const struck = records.filter((event) => event.kind === 'struck');
    expect(struck.length).toBeGreaterThan(0);
    const shown = new Set(records.flatMap((event) => (event.kind === 'view' ? event.heard : [])));
    for (const { n } of struck) expect(shown).not.toContain(n);
    const lines = cast.flatMap((name) => viewOf(stage.state, name).lines.map(({ n }) => n));
    for (const { n } of struck) expect(lines).not.toContain(n);
  });

  it('keeps what was said of a turn that is stopped, rests, and goes on when it is opened again', async () => {
    using played = await opened({ maxTokens: longestTurn });
    const { stage } = played;
    const stop = new AbortController();
    let pieces = 0;
    for await (const news of stage.run(stop.signal))
      if (news.kind === 'text' && ++pieces === 3) stop.abort(new Error('enough'));
    expect(stage.state.isPaused).toBe(true);
    const [turn] = stage.state.turns;
    expect(turn).toMatchObject({ stop: 'cut', who: 'ADA' });
    using again = await opened({}, { path: stage.transcript.path });
    await again.stage.resume();
    await run(again.stage);
    expect(again.stage.state.end?.reason).toBe('turns');
    expect(again.stage.state.turns[0]!.text).toBe(turn!.text);
    expect(again.stage.state.turns).toHaveLength(4);
  });

  it('rests without a word when it is stopped before the first one', async () => {
    using played = await opened();
    await run(played.stage, AbortSignal.abort(new Error('enough')));
    expect(played.stage.state).toMatchObject({ isPaused: true, turns: [] });
  });

  it('takes penalties from what the speaker heard, and nothing of what others said aside', async () => {
    const penalised = async (changes: Partial<Opening>) => {
      using played = await opened({ limits: { turns: 3 }, ...changes });
      const { stage, actors } = played;
      for await (const _ of stage.say('BEN', { text: 'Lanterns, lanterns!' }));
      for await (const _ of stage.say('BEN', { text: 'Quiet murder.', isAside: true }));
      const { voice } = actors.get('ADA')!.actor;
      const speak = vi.spyOn(voice, 'speak');
      stage.callNext('ADA');
      await run(stage);
      const { history, openings } = speak.mock.calls[0]![1];
      return { said: model.detokenize(history!), openings: [...openings!.keys()] };
    };
    const { said, openings } = await penalised({});
    expect(said).toBe('Lanterns, lanterns!');
    expect(openings).toEqual(['Lanterns']);
    expect(await penalised({ othersHeld: 0 })).toEqual({ said: '', openings: ['Lanterns'] });
  });

  it('draws as many drafts as it is opened with, and says the best', async () => {
    using played = await opened({ drafts: 2, limits: { turns: 1 } });
    await run(played.stage);
    expect(played.stage.state.turns).toHaveLength(1);
    expect(played.stage.state.turns[0]!.drafts).toBe(2);
  });
});
