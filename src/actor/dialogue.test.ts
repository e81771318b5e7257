import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VISITOR } from '../prompt/prompt.ts';
import { noSteering } from '../steer/steering.ts';
import type { Actor } from './actor.ts';
import { Conversation } from './conversation.ts';
import { Dialogue } from './dialogue.ts';
import type { Reply, ReplyEvent } from './reply.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-dialogue-'));
});
afterEach(() => rm(folder, { recursive: true }));

const start = {
  play: 'lantern',
  playHash: '',
  character: 'MARTA',
  model: 'tiny',
  form: 'chat',
  steer: false,
  seed: 1,
  version: '0',
};

/** What an actor does when it is asked: says this, or says this and fails. */
type Answer = string | { readonly before: string; readonly error: Error };

/** An actor that gives these answers in turn, and notes which words it was asked to answer. */
function actorOf(...answers: Answer[]) {
  const asked: string[][] = [];
  const actor = {
    character: { name: 'MARTA' },
    steering: noSteering(),
    window: 100,
    adapters: [],
    async *reply(turns: readonly { text: string }[], { seed }: { seed: number }) {
      asked.push(turns.map(({ text }) => text));
      const answer = answers.shift()!;
      const text = typeof answer === 'string' ? answer : answer.before;
      const speaker = 'MARTA';
      yield { kind: 'recalled', speaker, items: [] } satisfies ReplyEvent;
      if (text !== '') yield { kind: 'text', speaker, text } satisfies ReplyEvent;
      if (typeof answer !== 'string') throw answer.error;
      yield { kind: 'done', reply: text, seed, stop: 'end', costs: [] } as unknown as ReplyEvent;
    },
  };
  return { actor: actor as unknown as Actor, asked };
}

async function dialogueOf(...answers: Answer[]) {
  const conversation = await Conversation.begin(folder, start);
  const { actor, asked } = actorOf(...answers);
  return { dialogue: new Dialogue({ actor, conversation, seed: 1 }), asked };
}

async function heard(events: AsyncIterable<ReplyEvent>): Promise<string> {
  let text = '';
  for await (const event of events) if (event.kind === 'text') text += event.text;
  return text;
}

const texts = ({ turns }: Pick<Conversation, 'turns'>): string[] => turns.map(({ text }) => text);
/** What another process would find in the file. */
const kept = async ({ conversation }: Dialogue) =>
  texts(await Conversation.resume(conversation.path));

const stopped = new Error('stopped');

describe('Another answer', () => {
  it('that is stopped before its first word leaves the old one and the words it answers', async () => {
    const { dialogue } = await dialogueOf('Aye.', { before: '', error: stopped });
    await heard(dialogue.say('Who?'));
    await expect(heard(dialogue.again())).rejects.toBe(stopped);
    expect(texts(dialogue.conversation)).toEqual(['Who?', 'Aye.']);
    expect(await kept(dialogue)).toEqual(['Who?', 'Aye.']);
  });

  it('takes nothing from the file before it is whole, as kill -9 would find it', async () => {
    const { dialogue } = await dialogueOf('Aye.', 'Nay.');
    await heard(dialogue.say('Who?'));
    for await (const event of dialogue.again())
      if (event.kind === 'text') expect(await kept(dialogue)).toEqual(['Who?', 'Aye.']);
    expect(await kept(dialogue)).toEqual(['Who?', 'Nay.']);
  });

  it('that is stopped in its midst is kept beside the old one, which still counts', async () => {
    const { dialogue } = await dialogueOf('Aye.', { before: 'Na', error: stopped });
    await heard(dialogue.say('Who?'));
    await expect(heard(dialogue.again())).rejects.toBe(stopped);
    expect(await kept(dialogue)).toEqual(['Who?', 'Aye.']);
    expect(dialogue.alternatives?.alternatives.map(({ text }) => text)).toEqual(['Aye.', 'Na']);
  });

  it('is asked for with the same words, and each can be chosen again', async () => {
    const { dialogue, asked } = await dialogueOf('Aye.', 'Nay.', 'Who knows?');
    await heard(dialogue.say('Who?'));
    await heard(dialogue.again());
    await heard(dialogue.again());
    expect(asked).toEqual([['Who?'], ['Who?'], ['Who?']]);
    const { alternatives, chosen } = dialogue.alternatives!;
    expect(alternatives[chosen]!.text).toBe('Who knows?');
    expect(dialogue.last?.reply).toBe('Who knows?');
    await dialogue.conversation.choose(alternatives[0]!.id);
    expect(await kept(dialogue)).toEqual(['Who?', 'Aye.']);
    expect(dialogue.last?.reply).toBe('Aye.');
  });

  it('to words that were never answered does not take them back when it fails', async () => {
    const { dialogue } = await dialogueOf({ before: '', error: stopped }, 'Aye.');
    await dialogue.conversation.say({ speaker: VISITOR, text: 'Who?' });
    await expect(heard(dialogue.again())).rejects.toBe(stopped);
    expect(await kept(dialogue)).toEqual(['Who?']);
    await heard(dialogue.again());
    expect(await kept(dialogue)).toEqual(['Who?', 'Aye.']);
  });
});

describe('What the visitor says', () => {
  it('is taken back, and nothing else, where no word was answered', async () => {
    const { dialogue } = await dialogueOf('Aye.', { before: '', error: stopped });
    await heard(dialogue.say('Who?'));
    await expect(heard(dialogue.say('And now?'))).rejects.toBe(stopped);
    expect(await kept(dialogue)).toEqual(['Who?', 'Aye.']);
  });

  it('stays with what was answered, where the answer is stopped', async () => {
    const { dialogue } = await dialogueOf({ before: 'Ay', error: stopped });
    await expect(heard(dialogue.say('Who?'))).rejects.toBe(stopped);
    expect(await kept(dialogue)).toEqual(['Who?', 'Ay']);
  });

  it('is refused before it is read where it is far too long, and the next line is answered', async () => {
    const { dialogue, asked } = await dialogueOf('Aye.');
    const line = 'word '.repeat(200_000);
    await expect(heard(dialogue.say(line))).rejects.toMatchObject({ code: 'WINDOW_EXCEEDED' });
    expect(dialogue.conversation.turns).toEqual([]);
    await heard(dialogue.say('Who?'));
    expect(asked).toEqual([['Who?']]);
  });
});

describe('Two that go on with one conversation', () => {
  it('take back their own words alone', async () => {
    const { dialogue: first } = await dialogueOf('Aye.', 'A answered.');
    await heard(first.say('Who?'));
    const { actor } = actorOf('B answered.');
    const conversation = await Conversation.resume(first.conversation.path);
    const second = new Dialogue({ actor, conversation, seed: 1 });
    await heard(first.say('A asks.'));
    await heard(second.say('B asks.'));
    await first.takeBack();
    expect(await kept(first)).toEqual(['Who?', 'Aye.', 'B asks.', 'B answered.']);
    await second.takeBack();
    expect(await kept(first)).toEqual(['Who?', 'Aye.']);
  });
});

describe('Editing', () => {
  it("of the visitor's words answers them anew, in the place of all that followed", async () => {
    const { dialogue, asked } = await dialogueOf('One.', 'Two.', 'Three.');
    await heard(dialogue.say('First?'));
    await heard(dialogue.say('Second?'));
    expect(await heard(dialogue.edit(0, 'Better?'))).toBe('Three.');
    expect(asked.at(-1)).toEqual(['Better?']);
    expect(await kept(dialogue)).toEqual(['Better?', 'Three.']);
    expect(dialogue.conversation.turns[0]?.isEdited).toBe(true);
  });

  it('that is stopped before a word is answered changes nothing', async () => {
    const { dialogue } = await dialogueOf('One.', { before: '', error: stopped });
    await heard(dialogue.say('First?'));
    await expect(heard(dialogue.edit(0, 'Better?'))).rejects.toBe(stopped);
    expect(await kept(dialogue)).toEqual(['First?', 'One.']);
  });

  it("of the character's words keeps the old ones beside them, and the next answer goes on", async () => {
    const { dialogue, asked } = await dialogueOf('One.', 'Two.');
    await heard(dialogue.say('First?'));
    await heard(dialogue.edit(1, 'Uno.'));
    await heard(dialogue.say('Second?'));
    expect(asked.at(-1)).toEqual(['First?', 'Uno.', 'Second?']);
    const { alternatives } = dialogue.conversation.lines[1]!;
    expect(alternatives.map(({ text }) => text)).toEqual(['One.', 'Uno.']);
  });

  it('of a line that is not there is refused', async () => {
    const { dialogue } = await dialogueOf();
    await expect(heard(dialogue.edit(4, 'Uno.'))).rejects.toBeInstanceOf(RangeError);
  });
});

describe('The last answer', () => {
  it('is the last that still counts, after others were taken back', async () => {
    const { dialogue } = await dialogueOf('One.', 'Two.');
    const last = (): Reply['reply'] | undefined => dialogue.last?.reply;
    expect(last()).toBeUndefined();
    await heard(dialogue.say('First?'));
    await heard(dialogue.say('Second?'));
    expect(last()).toBe('Two.');
    await dialogue.takeBack();
    expect(last()).toBe('One.');
  });
});
