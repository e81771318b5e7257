import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { parsePlay } from '../play/parse.ts';
import { type Turn, VISITOR } from '../prompt/prompt.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import { noSteering, type Steering } from '../steer/steering.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { Actor } from './actor.ts';
import type { ActorOptions } from './actor-options.ts';
import { Conversation } from './conversation.ts';
import { Dialogue } from './dialogue.ts';
import type { Reply, ReplyEvent } from './reply.ts';
import { speakTogether, spoken } from './speak.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Lantern

## ACT I

### SCENE I. A quay.

_Enter MARTA and BRUNO_

**MARTA**  
Who keeps the light?

**BRUNO**  
I keep the light, and the light keeps me.

_Exeunt_
`),
);
const bruno = play.cast.find(({ name }) => name === 'BRUNO')!;

let folder: string;
let states: string;
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-actor-'));
  states = join(folder, 'states');
  await writeTinyModel(join(folder, 'tiny.gguf'));
  await writeTinyAdapter(join(folder, 'low.gguf'), { seed: 5 });
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
});
afterEach(() => rm(states, { recursive: true, force: true }));
afterAll(() => rm(folder, { recursive: true }));

/** A random model ends wherever it likes and is fond of empty lines; these tests want to hear it. */
const unending = (): Steering => ({
  ...noSteering(24),
  bias: new Map(
    [...model.info.ends, ...model.tokenize('\n')].map((token) => [token, Number.NEGATIVE_INFINITY]),
  ),
});

const question: readonly Turn[] = [{ speaker: VISITOR, text: 'Who art thou?' }];

function open(options: Partial<ActorOptions> = {}): Promise<Actor> {
  return Actor.open({
    play,
    character: bruno,
    model,
    steering: unending(),
    stateFolder: states,
    ...options,
  });
}

async function listen(events: AsyncIterable<ReplyEvent>): Promise<Reply & { said: string }> {
  let said = '';
  for await (const event of events) {
    if (event.kind === 'text') said += event.text;
    if (event.kind === 'done') return { ...event, said };
  }
  throw new Error('the reply was not done');
}

describe('Actor.reply', () => {
  it('says the same at the same seed, in pieces that join to the reply', async () => {
    using first = await open();
    using second = await open();
    const one = await listen(first.reply(question, { seed: 3 }));
    const two = await listen(second.reply(question, { seed: 3 }));
    expect(two.reply).toBe(one.reply);
    expect(one.said).toBe(one.reply);
    expect(one.tokens).toBeGreaterThan(0);
    const other = await listen(second.reply(question, { seed: 4 }));
    expect(other.reply).not.toBe(one.reply);
  });

  it('takes the persona from disk the second time, and from the cache after that', async () => {
    using first = await open();
    const cold = await listen(first.reply(question, { seed: 1 }));
    expect(await readdir(states)).toHaveLength(1);
    using second = await open();
    const warm = await listen(second.reply(question, { seed: 1 }));
    expect(warm.reply).toBe(cold.reply);
    expect(warm.reusedTokens).toBeGreaterThan(0);
    const again = await listen(second.reply(question, { seed: 1 }));
    expect(again.reusedTokens).toBeGreaterThan(warm.reusedTokens);
    expect(await readdir(states)).toHaveLength(1);
  });

  it('keeps another state for another adapter, scale, window or place', async () => {
    const adapter = await model.adapter(join(folder, 'low.gguf'));
    const variants: Partial<ActorOptions>[] = [
      {},
      { adapters: [{ adapter, scale: 1 }] },
      { adapters: [{ adapter, scale: 0.5 }] },
      { window: 500 },
    ];
    for (const variant of variants) {
      using actor = await open(variant);
      await listen(actor.reply(question, { seed: 1, maxTokens: 2 }));
    }
    expect(await readdir(states)).toHaveLength(variants.length);
  });

  it('reads as the model alone does where the adapter is for own turns, and speaks with it', async () => {
    await writeTinyAdapter(join(folder, 'turn.gguf'), { seed: 5, scope: 'turn' });
    const adapters = [{ adapter: await model.adapter(join(folder, 'turn.gguf')), scale: 1 }];
    using plain = await open();
    using adapted = await open({ adapters });
    const said = await listen(plain.reply(question, { seed: 1 }));
    const own = await listen(adapted.reply(question, { seed: 1 }));
    expect(own.reply).not.toBe(said.reply);
    expect(own.adapters).toHaveLength(1);
    expect(await readdir(states)).toHaveLength(1); // one persona, read one way
    const asked: Turn[] = [
      ...question,
      { speaker: 'BRUNO', text: own.reply },
      { speaker: VISITOR, text: 'And who keeps thee?' },
    ];
    // The likeliest words: what was read in other steps differs in the last bits.
    const likeliest = { seed: 2, sampling: { temperature: 0 }, maxTokens: 8 };
    const later = await listen(adapted.reply(asked, likeliest));
    using late = await open({ adapters });
    const fresh = await listen(late.reply(asked, likeliest));
    expect(later.reply).toBe(fresh.reply);
    expect(later.reusedTokens).toBeGreaterThan(fresh.reusedTokens);
  });

  it('makes a damaged state anew and says the same', async () => {
    using first = await open();
    const cold = await listen(first.reply(question, { seed: 1 }));
    const [name] = await readdir(states);
    await writeFile(join(states, name!), 'not a state');
    using second = await open();
    expect((await listen(second.reply(question, { seed: 1 }))).reply).toBe(cold.reply);
  });

  it('keeps no more than twenty states', async () => {
    using actor = await open();
    for (let i = 0; i < 25; i++) {
      await listen(actor.reply(question, { seed: 1, maxTokens: 1 }));
      const [name] = await readdir(states);
      await writeFile(join(states, `${i}.state`), name!);
    }
    using last = await open({ window: 500 });
    await listen(last.reply(question, { seed: 1, maxTokens: 1 }));
    expect(await readdir(states)).toHaveLength(20);
  });

  it('answers although the states cannot be kept', async () => {
    await writeFile(join(folder, 'file'), '');
    using actor = await open({ stateFolder: join(folder, 'file', 'states') });
    expect((await listen(actor.reply(question, { seed: 1 }))).tokens).toBeGreaterThan(0);
  });

  it('stops within a step when the signal aborts, and answers again after that', async () => {
    using actor = await open();
    const whole = await listen(actor.reply(question, { seed: 3 }));
    const stopping = new AbortController();
    const reason = new Error('enough');
    const heard: string[] = [];
    const speaking = async (): Promise<void> => {
      for await (const event of actor.reply(question, { seed: 3, signal: stopping.signal })) {
        if (event.kind !== 'text') continue;
        heard.push(event.text);
        stopping.abort(reason);
      }
    };
    await expect(speaking()).rejects.toBe(reason);
    expect(whole.reply.startsWith(heard.join(''))).toBe(true);
    expect((await listen(actor.reply(question, { seed: 3 }))).reply).toBe(whole.reply);
  });

  it('aborts before its first token as well', async () => {
    using actor = await open();
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(listen(actor.reply(question, { seed: 3, signal }))).rejects.toThrow('never mind');
    expect((await listen(actor.reply(question, { seed: 3 }))).tokens).toBeGreaterThan(0);
  });

  it('is asked with the tokens of the scene, and says that there are no turns if there are none', async () => {
    using actor = await open();
    const turns: Turn[] = [
      { speaker: VISITOR, text: 'Who art\nthou?' },
      { speaker: 'BRUNO', text: 'I keep\n\nthe light.' },
      { speaker: VISITOR, text: 'Since\nwhen?' },
    ];
    const { promptTokens } = await listen(actor.reply(turns, { seed: 1 }));
    const { form, persona } = actor;
    const scene = scenePrompt(model, { form, persona, turns, speaker: 'BRUNO' });
    expect(promptTokens).toBe(scene.tokens.length);
    await expect(listen(actor.reply([], { seed: 1 }))).rejects.toThrow(/^no turns were given/);
  });

  it('drops the oldest turns when the window is full, and refuses a last turn that does not fit', async () => {
    using actor = await open();
    const long: Turn[] = Array.from({ length: 21 }, (_, i) => ({
      speaker: i % 2 === 0 ? VISITOR : 'BRUNO',
      text: 'and the tide comes in again',
    }));
    expect((await listen(actor.reply(long, { seed: 1 }))).droppedTurns).toBeGreaterThan(0);
    const endless: Turn[] = [{ speaker: VISITOR, text: 'x '.repeat(2000) }];
    await expect(listen(actor.reply(endless, { seed: 1 }))).rejects.toMatchObject({
      code: 'WINDOW_EXCEEDED',
    });
  });
});

describe('Actors of one cache', () => {
  const marta = play.cast.find(({ name }) => name === 'MARTA')!;
  const asked: readonly Turn[] = [
    { speaker: VISITOR, text: 'Who art thou?\nAnd whose?' },
    { speaker: 'BRUNO', text: 'I keep\nthe light.' },
    { speaker: 'MARTA', text: 'So he says.' },
    { speaker: VISITOR, text: 'Since when?' },
  ];
  const drawing = (seed: number) => ({ seed, maxTokens: 12 });

  it('speak in the same steps, each the words that it says alone', async () => {
    using cache = await model.cache({ sessions: 2 });
    using first = await open({ cache });
    using second = await open({ cache, character: marta });
    const voices = [first.voice, second.voice];
    const parts = await Promise.all(
      voices.map((voice, i) => voice.part(voice.render({ turns: asked }), drawing(i))),
    );
    expect(parts[0]!.session.cache).toBe(parts[1]!.session.cache);
    const together = await spoken(speakTogether(parts));
    for (const [i, character] of [bruno, marta].entries()) {
      using alone = await open({ character });
      const prompt = alone.voice.render({ turns: asked });
      const said = await spoken(alone.voice.speak(prompt, drawing(i)));
      expect(together[i]!.tokens).toEqual(said.tokens);
    }
  });

  it('take turns with the words that each says alone, and say who speaks', async () => {
    using cache = await model.cache({ sessions: 2 });
    const inCache = [await open({ cache }), await open({ cache, character: marta })];
    const apart = [await open(), await open({ character: marta })];
    const turns: Turn[] = [...asked];
    for (const seed of [1, 2, 3, 4]) {
      const [here, alone] = [inCache[seed % 2]!, apart[seed % 2]!];
      const reply = await listen(here.reply(turns, { seed, maxTokens: 8 }));
      expect(reply.reply).toBe((await listen(alone.reply(turns, { seed, maxTokens: 8 }))).reply);
      expect(reply.speaker).toBe(here.character.name);
      turns.push({ speaker: reply.speaker, text: reply.reply });
    }
    for (const actor of [...inCache, ...apart]) actor[Symbol.dispose]();
  });

  it('are refused where the cache is full', async () => {
    using cache = await model.cache({ sessions: 1 });
    using _ = await open({ cache });
    await expect(open({ cache })).rejects.toMatchObject({ code: 'MEMORY_SHORT' });
  });
});

describe('Dialogue', () => {
  const begin = async (): Promise<Dialogue> => {
    const conversation = await Conversation.begin(join(folder, 'conversations'), {
      play: 'lantern',
      playHash: '',
      character: 'BRUNO',
      model: 'tiny',
      form: 'chat',
      steer: false,
      seed: 5,
      version: '0',
    });
    return new Dialogue({ actor: await open(), conversation, seed: 5, maxTokens: 8 });
  };

  it('has both turns in the journal when an answer is done', async () => {
    const dialogue = await begin();
    const { reply } = await listen(dialogue.say('Who art thou?'));
    const { turns } = await Conversation.resume(dialogue.conversation.path);
    expect(turns).toMatchObject([
      { speaker: VISITOR, text: 'Who art thou?' },
      { speaker: 'BRUNO', text: reply, seed: 5 },
    ]);
  });

  it('draws each answer with the next seed, and another one in place of the last', async () => {
    const dialogue = await begin();
    const first = await listen(dialogue.say('Who art thou?'));
    const second = await listen(dialogue.again());
    expect([first.seed, second.seed]).toEqual([5, 6]);
    expect(dialogue.conversation.turns.map(({ text }) => text)).toEqual([
      'Who art thou?',
      second.reply,
    ]);
  });

  it('keeps what was said when it is stopped, and takes the question back when nothing was', async () => {
    const dialogue = await begin();
    for await (const event of dialogue.say('Who art thou?')) if (event.kind === 'text') break;
    expect(dialogue.conversation.turns.at(-1)).toMatchObject({ speaker: 'BRUNO', stop: 'cut' });
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(listen(dialogue.say('And thou?', signal))).rejects.toThrow('never mind');
    expect(dialogue.conversation.turns).toHaveLength(2);
    await dialogue.takeBack();
    expect(dialogue.conversation.turns).toEqual([]);
    await dialogue.takeBack();
    await expect(listen(dialogue.again())).rejects.toThrow('not done');
  });
});
