import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VISITOR } from '../prompt/prompt.ts';
import { Journal } from '../store/journal.ts';
import { Conversation, type ConversationStart } from './conversation.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-conversation-'));
});
afterEach(() => rm(folder, { recursive: true }));

const start: ConversationStart = {
  play: 'the-lantern',
  playHash: 'a'.repeat(64),
  character: 'OLD HUGO',
  model: 'tiny',
  form: 'chat',
  steer: true,
  seed: 7,
  version: '0.0.0',
};
const visitor = (text: string) => ({ speaker: VISITOR, text });
const hugo = (text: string) => ({ speaker: start.character, text, seed: 7 });

describe('Conversation', () => {
  it('gives its turns back after a restart, in order', async () => {
    const first = await Conversation.begin(folder, start);
    await first.say(visitor('Who keeps the light?'));
    await first.say(hugo('I do.'));
    const again = await Conversation.latest(folder, start);
    expect(again?.path).toBe(first.path);
    expect(again?.turns).toEqual([visitor('Who keeps the light?'), hugo('I do.')]);
  });

  it('resumes the one begun last, of this character and this play', async () => {
    const older = await Conversation.begin(folder, start);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const newer = await Conversation.begin(folder, start);
    for (const other of [{ character: 'HUGO' }, { play: 'another' }]) {
      const conversation = await Conversation.begin(folder, { ...start, ...other });
      await conversation.say(visitor('Ahoy'));
    }
    await Conversation.begin(folder, start); // in which nothing is ever said
    await newer.say(visitor('One'));
    await older.say(visitor('Two'));
    expect(older.path).not.toBe(newer.path);
    expect((await Conversation.latest(folder, start))?.path).toBe(newer.path);
    const none = { ...start, character: 'NOBODY' };
    expect(await Conversation.latest(folder, none)).toBeUndefined();
    expect(await Conversation.latest(join(folder, 'absent'), start)).toBeUndefined();
  });

  it('leaves no file when nothing is said', async () => {
    await Conversation.begin(folder, start);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is as it was when a turn cannot be written', async () => {
    const conversation = await Conversation.begin(join(folder, 'inside'), start);
    await writeFile(join(folder, 'inside'), 'a file where the folder should be');
    await expect(conversation.say(visitor('One'))).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
    });
    expect(conversation.turns).toEqual([]);
    await rm(join(folder, 'inside'));
    await conversation.say(visitor('Two'));
    const again = await Conversation.resume(conversation.path);
    expect(again.turns.map(({ text }) => text)).toEqual(['Two']);
  });

  it('forgets what was undone, and keeps it in the file', async () => {
    const conversation = await Conversation.begin(folder, start);
    await conversation.say(visitor('One'));
    await conversation.say(hugo('Two'));
    await conversation.say(visitor('Three'));
    await conversation.undo(2);
    await conversation.undo(0);
    expect(conversation.turns.map(({ text }) => text)).toEqual(['One']);
    const again = await Conversation.resume(conversation.path);
    expect(again.turns.map(({ text }) => text)).toEqual(['One']);
    expect(await readFile(conversation.path, 'utf8')).toContain('Three');
    await conversation.undo(9);
    expect((await Conversation.resume(conversation.path)).turns).toEqual([]);
  });

  it('is read with cast names where it was written with the two sides of format 1', async () => {
    const path = join(folder, 'format-1.jsonl');
    const journal = new Journal<object>(path);
    const worn = [{ id: '3f9ac0d1be52', scale: 1 }];
    await journal.append({ kind: 'start', format: 1, time: '', ...start });
    await journal.append({ kind: 'turn', time: '', speaker: 'visitor', text: 'Who?' });
    await journal.append({
      kind: 'turn',
      time: '',
      speaker: 'character',
      text: 'I.',
      seed: 7,
      worn,
    });
    const old = await Conversation.resume(path);
    const first = { ...hugo('I.'), adapters: worn };
    expect(old.turns).toEqual([visitor('Who?'), first]);
    await old.say(visitor('Since when?'));
    await old.say(hugo('Since noon.'));
    const { turns } = await Conversation.resume(path);
    expect(turns).toEqual([
      ...[visitor('Who?'), first],
      ...[visitor('Since when?'), hugo('Since noon.')],
    ]);
  });

  it('has the adapters of a turn that an older file names by their former field', async () => {
    const path = join(folder, 'former-field.jsonl');
    const journal = new Journal<object>(path);
    const adapters = [{ id: '3f9ac0d1be52', scale: 0.5 }];
    await journal.append({ kind: 'start', format: 1, time: '', ...start });
    await journal.append({
      kind: 'turn',
      time: '',
      speaker: 'character',
      text: 'I.',
      worn: adapters,
    });
    const [turn] = (await Conversation.resume(path)).turns;
    expect(turn?.adapters).toEqual(adapters);
    expect(turn).not.toHaveProperty('worn');
  });

  it('has every acknowledged turn when the file is cut at any byte after it', async () => {
    const conversation = await Conversation.begin(folder, start);
    const ends: number[] = [];
    const texts = ['Wer da?', 'Nay, “answer” me.', 'Long live — ☂ — the king!'];
    for (const text of texts) {
      await conversation.say(visitor(text));
      ends.push((await readFile(conversation.path)).length);
    }
    const whole = await readFile(conversation.path);
    const cutPath = join(folder, 'cut.jsonl');
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(cutPath, whole);
      await truncate(cutPath, length);
      const { turns, faults } = await Conversation.resume(cutPath);
      // A line without its newline is whole already, so one byte less than acknowledged may do.
      const acknowledged = ends.filter((end) => end <= length).length;
      expect(turns.length).toBeGreaterThanOrEqual(acknowledged);
      expect(turns.map(({ text }) => text)).toEqual(texts.slice(0, turns.length));
      if (turns.length === acknowledged && length > 0 && !ends.includes(length)) {
        const isStartOnly = acknowledged === 0 && faults.length === 0;
        expect(isStartOnly || faults.at(-1)?.kind === 'torn').toBe(true);
      }
    }
  });

  it('goes on after a torn line as if it had not been begun', async () => {
    const conversation = await Conversation.begin(folder, start);
    await conversation.say(visitor('One'));
    const { length } = await readFile(conversation.path);
    await conversation.say(hugo('Two'));
    await truncate(conversation.path, length + 9);
    const again = await Conversation.resume(conversation.path);
    expect(again.faults).toEqual([{ line: 3, kind: 'torn' }]);
    await again.say(hugo('Three'));
    const third = await Conversation.resume(conversation.path);
    expect(third.turns.map(({ text }) => text)).toEqual(['One', 'Three']);
    expect(third.faults).toEqual([]);
  });

  it('never names a file by what a play or character is called alone', async () => {
    const odd = { ...start, play: '../../etc/passwd', character: 'A/B:C' };
    await (await Conversation.begin(folder, odd)).say(visitor('Ahoy'));
    const [name] = await readdir(folder);
    expect(name).toMatch(/^[\dT]+-[\w-]+Z-etc-passwd-a-b-c-[0-9a-f]{6}\.jsonl$/);
  });
});
