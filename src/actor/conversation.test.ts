import { chmodSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VISITOR } from '../prompt/prompt.ts';
import { Journal } from '../store/journal.ts';
import { Conversation } from './conversation.ts';
import type { ConversationStart } from './conversation-record.ts';

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

  it('is for the eyes of its owner alone, and so is the folder, also where it was not so before', async () => {
    const inner = join(folder, 'conversations');
    const modes = async (path: string) => [inner, path].map((one) => statSync(one).mode & 0o777);
    const conversation = await Conversation.begin(inner, start);
    await conversation.say(visitor('Ahoy'));
    expect(await modes(conversation.path)).toEqual([0o700, 0o600]);
    chmodSync(inner, 0o755);
    chmodSync(conversation.path, 0o644);
    const again = await Conversation.resume(conversation.path);
    await again.say(hugo('Ahoy'));
    expect(await modes(conversation.path)).toEqual([0o700, 0o600]);
  });

  it('has an answer after the words that it answers, whatever another process said in between', async () => {
    const one = await Conversation.begin(folder, start);
    await one.say(visitor('Ahoy'));
    const other = await Conversation.resume(one.path);
    const [a, b] = [await one.say(visitor('A?')), await other.say(visitor('B?'))];
    await other.say(hugo('B.'), b);
    await one.say(hugo('A.'), a);
    const { turns } = await Conversation.resume(one.path);
    expect(turns.map(({ text }) => text)).toEqual(['Ahoy', 'A?', 'A.', 'B?', 'B.']);
  });

  it('of an older format is undone, edited and answered otherwise, by the place of its turns', async () => {
    const path = join(folder, 'format-2.jsonl');
    const journal = new Journal<object>(path);
    await journal.append({ kind: 'start', format: 2, time: '', ...start });
    for (const text of ['One', 'Two', 'Three', 'Four', 'Five'])
      await journal.append({ kind: 'turn', time: '', ...visitor(text) });
    await journal.append({ kind: 'undo', time: '', turns: 1 });
    const old = await Conversation.resume(path);
    await old.undo(1);
    await old.offer(old.lines[1]!.alternatives[0]!.id, hugo('Zwei'), true);
    await old.replace([old.lines[2]!.alternatives[0]!.id], [visitor('Drei'), hugo('Vier')]);
    const { turns } = await Conversation.resume(path);
    expect(turns.map(({ text }) => text)).toEqual(['One', 'Zwei', 'Drei', 'Vier']);
    expect(old.turns).toEqual(turns);
  });

  it('has the name it was given last', async () => {
    const conversation = await Conversation.begin(folder, start);
    await conversation.say(visitor('Ahoy'));
    await conversation.rename('the light');
    expect((await Conversation.resume(conversation.path)).name).toBe('the light');
    await conversation.rename('');
    expect((await Conversation.resume(conversation.path)).name).toBe('');
  });

  it('begins its file anew where another process has deleted it', async () => {
    const conversation = await Conversation.begin(folder, start);
    await conversation.say(visitor('Ahoy'));
    await rm(conversation.path);
    await conversation.say(hugo('Still here.'));
    const again = await Conversation.resume(conversation.path);
    expect(again.start).toEqual(start);
    expect(again.turns.map(({ text }) => text)).toEqual(['Still here.']);
  });

  it('never names a file by what a play or character is called alone', async () => {
    const odd = { ...start, play: '../../etc/passwd', character: 'A/B:C' };
    await (await Conversation.begin(folder, odd)).say(visitor('Ahoy'));
    const [name] = await readdir(folder);
    expect(name).toMatch(/^[\dT]+-[\w-]+Z-etc-passwd-a-b-c-[0-9a-f]{6}\.jsonl$/);
  });
});
