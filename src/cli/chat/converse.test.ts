import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../actor/actor.ts';
import type { AdapterName } from '../../actor/adapter-source.ts';
import { Conversation } from '../../actor/conversation.ts';
import { Conversations, type OpenConversation } from '../../actor/conversations.ts';
import { Dialogue } from '../../actor/dialogue.ts';
import type { AdaptersEvent, Reply, ReplyEvent, ReplyOptions } from '../../actor/reply.ts';
import { DramatisError } from '../../errors.ts';
import type { Turn } from '../../prompt/prompt.ts';
import { noSteering } from '../../steer/steering.ts';
import { SteeringLevers } from '../../steer/steering-levers.ts';
import { spelledModel } from '../../testing/models/piece-model.ts';
import { castMember, lantern } from '../../testing/plays/lantern.ts';
import { converse } from './converse.ts';
import type { Input, Screen } from './screen.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-converse-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines that stand for a key. */
const ctrlC = 'Ctrl-C at the prompt';
const ctrlCWhileSpoken = 'Ctrl-C while the answer before is spoken';

const named = (id: string): AdapterName => ({ id, scale: 1 });

/** An actor that answers "Aye." with the adapters that the turns say; an error is thrown. */
function actorOf(
  replies: readonly (Omit<AdaptersEvent, 'kind' | 'speaker'> | Error)[],
  name = 'Marta',
  sources: Reply['sources'] = [],
  heard?: string[][],
): Actor {
  let turn = 0;
  const speaker = name.toUpperCase();
  const actor = {
    character: { name: speaker },
    play: lantern,
    at: undefined,
    persona: { displayName: name },
    steering: noSteering(),
    cacheBytes: 0,
    window: 2048,
    adapters: [] as readonly AdapterName[],
    async *reply(turns: readonly Turn[], { signal }: ReplyOptions): AsyncGenerator<ReplyEvent> {
      heard?.push(turns.map(({ text }) => text));
      const active = replies[turn++]!;
      if (active instanceof Error) throw active;
      actor.adapters = active.adapters;
      yield { kind: 'adapters', speaker, ...active };
      yield { kind: 'recalled', speaker, items: [] };
      yield { kind: 'text', speaker, text: 'Aye.' };
      signal?.throwIfAborted();
      const numbers = { tokens: 1, tokensPerSecond: 0, promptTokens: 1, reusedTokens: 0 };
      const times = { firstTokenMs: 0, firstTokenSinceStartMs: 0, droppedTurns: 0, seed: 1 };
      const reply: Reply = {
        ...numbers,
        ...times,
        speaker,
        reply: 'Aye.',
        recalled: [],
        sources,
        stop: 'end',
        adapters: active.adapters,
        costs: [],
      };
      yield { kind: 'done', ...reply };
    },
    [Symbol.dispose]() {},
  };
  return actor as unknown as Actor;
}

/** What is on the screen after these lines were typed, in order. */
async function shown(actor: Actor, ...lines: string[]): Promise<string[]> {
  return shownOf([actor], ...lines);
}

/** What is shown of a chat in which others may be turned to, by the name on the page. */
async function shownOf(actors: readonly Actor[], ...lines: string[]): Promise<string[]> {
  const seen: string[] = [];
  const screen: Screen = {
    async ask(): Promise<Input> {
      const text = lines.shift();
      if (text === ctrlC) return { kind: 'interrupt' };
      return text === undefined ? { kind: 'end' } : { kind: 'line', text };
    },
    note: (text) => seen.push(text),
    begin: (name) => seen.push(`${name}:`),
    write: (text) => seen.push(text),
    end: (mark) => {
      if (mark !== undefined) seen.push(mark);
    },
    stoppable: (stop) => {
      if (lines[0] !== ctrlCWhileSpoken) return { [Symbol.dispose]: () => {} };
      lines.shift();
      stop();
      return { [Symbol.dispose]: () => {} };
    },
    [Symbol.dispose]: () => {},
  };
  const talkWith = async (actor: Actor): Promise<OpenConversation> => {
    const conversation = await Conversation.begin(folder, {
      play: 'lantern',
      playHash: '',
      character: 'MARTA',
      model: 'tiny',
      form: 'script',
      steer: false,
      seed: 1,
      version: '0',
    });
    return {
      dialogue: new Dialogue({ actor, conversation, seed: 1 }),
      opened: { levers: await lanternLevers(), [Symbol.dispose]: () => {} },
    };
  };
  await using conversations = new Conversations(await talkWith(actors[0]!), async (name) => {
    const found = actors.find(({ character }) => character.name.startsWith(name.toUpperCase()));
    if (!found) throw new DramatisError('CHARACTER_UNKNOWN', `nobody is called ${name}`);
    return talkWith(found);
  });
  const beside = { sources: false };
  await converse({ conversations, screen, play: 'lantern', model: 'tiny', beside });
  return seen;
}

/** The levers of somebody in a play of our own, on a model that has no weights. */
function lanternLevers(): Promise<SteeringLevers> {
  const model = spelledModel(['the', ' lantern', ' the', '\n']);
  const character = castMember('MARTA');
  return SteeringLevers.open({ model, shown: () => lantern, character, on: [] });
}

/** The actor, whose answers leave so many turns out of their prompts. */
function dropping(actor: Actor, dropped: readonly number[]): Actor {
  const reply = actor.reply.bind(actor);
  let answer = 0;
  return Object.assign(actor, {
    async *reply(...asked: Parameters<Actor['reply']>): AsyncGenerator<ReplyEvent> {
      const droppedTurns = dropped[answer++]!;
      for await (const event of reply(...asked))
        yield event.kind === 'done' ? { ...event, droppedTurns } : event;
    },
  });
}

const none = { adapters: [], isNew: false, remark: undefined };

describe('a conversation in which a version is promoted', () => {
  it('says in one line before the answer what it is spoken with, when that is new', async () => {
    const first = { adapters: [named('3f9ac0d1be52')], isNew: true, remark: undefined };
    const actor = actorOf([none, first, { ...first, isNew: false }, { ...none, isNew: true }]);
    expect(await shown(actor, 'Who?', 'And now?', 'And now?', 'And in the end?')).toEqual([
      ...['Marta:', 'Aye.'],
      ...['Marta now speaks with 3f9ac0d1be52.', 'Marta:', 'Aye.'],
      ...['Marta:', 'Aye.'],
      ...['Marta now speaks with the model alone.', 'Marta:', 'Aye.'],
    ]);
  });

  it('says why a promoted version is not worn', async () => {
    const actor = actorOf([{ ...none, isNew: true, remark: 'It is too old.' }]);
    const [note] = await shown(actor, 'Who?');
    expect(note).toBe('Marta now speaks with the model alone. It is too old.');
  });

  it('goes on after a refusal, of which it says what helps', async () => {
    const remedy = 'Run "dramatis adapters rollback".';
    const actor = actorOf([new DramatisError('STORE_DAMAGED', 'It is damaged', { remedy }), none]);
    expect(await shown(actor, 'Who?', 'Who?')).toEqual([
      `It is damaged\n${remedy}`,
      ...['Marta:', 'Aye.'],
    ]);
  });

  it('names the versions at /why, the one on top first', async () => {
    const both = [named('0c11a2b3c4d5'), named('3f9ac0d1be52')];
    const seen = await shown(actorOf([{ ...none, adapters: both }]), 'Who?', '/why');
    expect(seen.at(-1)).toContain('Spoken with 3f9ac0d1be52 on 0c11a2b3c4d5.');
  });
});

describe('A command that cannot be understood', () => {
  it('points to /help, not to the options of the program', async () => {
    const [note] = await shown(actorOf([]), '/seed abc');
    expect(note).toMatch(/^\/seed is "abc"; a number from 0 to \d+ is wanted\n\/help lists/);
  });
});

describe('A conversation that has grown longer than the window', () => {
  it('says once that the oldest turns are no longer read', async () => {
    const actor = Object.assign(actorOf([none, none, none, none]), { window: 2048 });
    const seen = await shown(dropping(actor, [0, 2, 4, 6]), 'One', 'Two', 'Three', 'Four');
    const notes = seen.filter((text) => text.includes('oldest turns'));
    expect(notes).toHaveLength(1);
    expect(seen.indexOf(notes[0]!)).toBe(4);
    expect(notes[0]).toContain('--context 4096');
  });
});

describe('Ctrl-C', () => {
  const hint = 'Ctrl-C again leaves, and so does Ctrl-D.';

  it('at the prompt says how to leave, and leaves at the second', async () => {
    await expect(shown(actorOf([none]), ctrlC, ctrlC, 'Who?')).rejects.toThrow('interrupted');
    const seen = await shown(actorOf([none]), ctrlC, 'Who?', ctrlC);
    expect(seen).toEqual([hint, 'Marta:', 'Aye.', hint]);
  });

  it('that stopped an answer is none of the two that leave', async () => {
    const seen = await shown(actorOf([none]), 'Who?', ctrlCWhileSpoken, ctrlC);
    expect(seen).toEqual(['Marta:', 'Aye.', '(stopped)', hint]);
  });
});

describe('a conversation with several', () => {
  it('turns to somebody else and back, each where they were left', async () => {
    const [marta, jonas] = [actorOf([none, none]), actorOf([none], 'Jonas')];
    const lines = [
      'Who?',
      '/character jonas',
      'And you?',
      '/character Marta',
      '/character',
      'Go on',
    ];
    expect(await shownOf([marta, jonas], ...lines)).toEqual([
      ...['Marta:', 'Aye.'],
      'You talk with Jonas when all of The Lantern is over.',
      ...['Jonas:', 'Aye.'],
      'You talk with Marta when all of The Lantern is over, where you left off.',
      'You talk with Marta when all of The Lantern is over, where you left off.',
      ...['Marta:', 'Aye.'],
    ]);
  });

  it('knows one by a part of the name', async () => {
    const [marta, jonas] = [actorOf([none]), actorOf([none], 'Jonas')];
    const lines = ['/character jo', 'Who?', '/character mar', '/character jonas'];
    const seen = await shownOf([marta, jonas], ...lines);
    expect(seen.at(-1)).toMatch(/Jonas.*where you left off/);
  });

  it('stays with whom it was where a name is unknown', async () => {
    const seen = await shown(actorOf([none]), '/character nobody', 'Who?');
    expect(seen[0]).toMatch(/^nobody is called nobody\n/);
    expect(seen.slice(1)).toEqual(['Marta:', 'Aye.']);
  });
});

describe('a conversation with sources beside its answers', () => {
  const line = { place: '1.1.4', speakers: ['MARTA'], words: 'My brother sold the bell.' };

  it('shows from /sources on to /sources off the line that an answer rests on', async () => {
    const actor = actorOf([none, none, none], 'Marta', [{ kind: 'digest', id: '1.1-2', line }]);
    const seen = await shown(actor, 'Who?', '/sources on', 'Who?', '/sources off', 'Who?');
    const beside = seen.filter((text) => text.startsWith('('));
    expect(beside).toEqual(['(as I said at 1.1.4: “My brother sold the bell.”)']);
    expect(seen.indexOf(beside[0]!)).toBe(5);
  });

  it('marks an answer that rests on nothing, and says what it did not understand', async () => {
    const seen = await shown(actorOf([none]), '/sources maybe', '/sources on', 'Who?');
    expect(seen[0]).toMatch(/neither on nor off/);
    expect(seen.at(-1)).toBe('(rests on nothing recalled)');
  });
});

describe('a conversation that goes back in the story', () => {
  it('leaves out what was said later, says so, and has it back at the end', async () => {
    const heard: string[][] = [];
    const actor = actorOf([none, none, none], 'Marta', [], heard);
    const seen = await shown(actor, 'Who died?', '/at 1.1', 'Who?', '/at off', 'And now?');
    expect(heard).toEqual([
      ['Who died?'],
      ['Who?'],
      ['Who died?', 'Aye.', 'Who?', 'Aye.', 'And now?'],
    ]);
    expect(seen[2]).toMatch(/^You talk before 1\.1 of .*\. 2 turns were said at later points/);
    expect(seen[5]).toMatch(/^You talk when all of .* is over\.$/);
  });
});

describe('a conversation that is edited', () => {
  it("shows its lines by number, and answers the visitor's other words anew", async () => {
    const heard: string[][] = [];
    const actor = actorOf([none, none], 'Marta', [], heard);
    const seen = await shown(actor, '/edit', 'Who?', '/edit', '/edit 1 Who keeps the light?');
    expect(seen[0]).toBe('Nothing has been said yet.');
    expect(seen[3]).toBe(
      '1 You: Who?\n2 Marta: Aye.\n/edit 2 and other words replaces the last line.',
    );
    expect(heard.at(-1)).toEqual(['Who keeps the light?']);
    expect(seen.slice(4)).toEqual(['Marta:', 'Aye.']);
  });

  it("takes other words for the character's, and goes on with them", async () => {
    const heard: string[][] = [];
    const actor = actorOf([none, none], 'Marta', [], heard);
    const seen = await shown(actor, 'Who?', '/edit 2 Jonas does.', '/why', 'Since when?');
    expect(seen[2]).toBe('Line 2 is now: Jonas does.');
    expect(seen[3]).toMatch(/^“Jonas does\.” was written by you/);
    expect(heard.at(-1)).toEqual(['Who?', 'Jonas does.', 'Since when?']);
  });

  it('says what is wanted where the line or the words are missing', async () => {
    const seen = await shown(actorOf([none]), 'Who?', '/edit 3 Nay.', '/edit 2', '/edit Nay.');
    for (const note of seen.slice(2))
      expect(note).toMatch(/a line, from 1 to 2, and its new words are wanted\n\/help/);
    expect(seen).toHaveLength(5);
  });
});

describe('a conversation with several answers', () => {
  it('lists them, the one that counts marked, and picks one by its number', async () => {
    const lines = ['/alternatives', 'Who?', '/alternatives', '/regen', '/alternatives'];
    const picks = ['/alternatives 1', '/alternatives', '/alternatives 7'];
    const seen = await shown(actorOf([none, none]), ...lines, ...picks);
    expect(seen[0]).toBe('Your last words have not been answered yet.');
    expect(seen[3]).toBe('* 1 Aye.\nThere is one answer; /regen draws another.');
    expect(seen[6]).toBe('  1 Aye.\n* 2 Aye.\n/alternatives and a number picks one.');
    expect(seen[7]).toBe('The answer is now: Aye.');
    expect(seen[8]).toMatch(/^\* 1 Aye\.\n {2}2 Aye\./);
    expect(seen[9]).toMatch(/a number from 1 to 2 is wanted/);
  });
});
