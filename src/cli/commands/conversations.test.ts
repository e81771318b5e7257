import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../actor/conversation.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { runCommandLine } from '../command-line.ts';

const home = process.env.DRAMATIS_HOME;
let folder: string;
let out: string[] = [];
let errors: string[] = [];

beforeEach(() => {
  process.env.DRAMATIS_HOME = mkdtempSync(join(tmpdir(), 'dramatis-talks-'));
  folder = join(process.env.DRAMATIS_HOME, 'conversations');
  errors = [];
  vi.spyOn(process.stdout, 'write').mockImplementation(
    (text) => out.push(String(text).replace(/\n$/, '')) > 0,
  );
  vi.spyOn(process.stderr, 'write').mockImplementation(
    (text) => errors.push(String(text).replace(/\n$/, '')) > 0,
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(process.env.DRAMATIS_HOME!, { recursive: true });
  if (home === undefined) delete process.env.DRAMATIS_HOME;
  else process.env.DRAMATIS_HOME = home;
});

/** What `dramatis conversations …` prints. */
async function conversations(...args: string[]): Promise<string> {
  out = [];
  await runCommandLine(['conversations', ...args]);
  return out.join('\n');
}
const json = async <T>(...args: string[]): Promise<T> =>
  JSON.parse(await conversations(...args, '--json'));

interface Talk {
  readonly id: string;
  readonly name: string;
  readonly character: string;
  readonly turns: number;
  readonly path: string;
}

/** Keeps a conversation, the words alternately the visitor's and the character's. */
async function talk(character: string, ...texts: string[]): Promise<Conversation> {
  const conversation = await Conversation.begin(folder, {
    play: 'the-lantern',
    playHash: '',
    character,
    model: 'tiny',
    form: 'chat',
    steer: false,
    seed: 7,
    version: '0',
  });
  for (const [i, text] of texts.entries())
    await conversation.say({ speaker: i % 2 === 0 ? VISITOR : character, text });
  return conversation;
}

const long = 'Word after word without an end, as the sea goes on and on. '.repeat(5);

describe('dramatis conversations', () => {
  it('lists what was said, the last first, in 80 columns', async () => {
    await talk('MARTA', 'Who keeps the light?', 'Hugo does.');
    await talk('OLD HUGO', `${long}\u001b[31m`, long, long);
    const listed = await json<Talk[]>('list');
    expect(listed.map(({ character, turns }) => [character, turns])).toEqual([
      ['OLD HUGO', 3],
      ['MARTA', 2],
    ]);
    const [title, ...rows] = (await conversations('list')).split('\n');
    expect(title).toMatch(/^id +last +turns +with$/);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatch(/^[0-9a-f]{6} .* 2 {2}MARTA \(the-lantern\) {2}Who keeps the light\?$/);
    expect(rows[0]).toMatch(/…$/);
    for (const row of rows) expect([...row].length).toBeLessThan(80);
  });

  it('says where it looked when there are none, and names a file that it cannot read', async () => {
    expect(await conversations('list')).toBe('');
    expect(errors.join()).toContain(folder);
    await talk('MARTA', 'Who?');
    writeFileSync(join(folder, 'odd.jsonl'), 'not a journal\n');
    mkdirSync(join(folder, 'folder.jsonl'));
    expect(await json('list')).toHaveLength(1);
    expect(errors.join()).toContain('odd.jsonl does not say whom it is with');
    expect(errors.join()).toMatch(/cannot read .*folder\.jsonl: it is a folder \(EISDIR\); it was/);
  });

  it('finds lines with all the words, in any order and case', async () => {
    await talk('MARTA', 'Who keeps the light?', `${long} HUGO keeps it.`);
    await talk('OLD HUGO', 'Nothing of that.');
    const found = await json<{ character: string; found: { number: number }[] }[]>(
      ...['search', 'KEEPS', 'hugo'],
    );
    expect(found).toMatchObject([{ character: 'MARTA', found: [{ number: 2 }] }]);
    const text = await conversations('search', 'hugo', 'keeps');
    expect(text.split('\n')[1]).toMatch(/^ {5}2 MARTA: ….*HUGO keeps it\.$/);
    for (const line of text.split('\n')) expect([...line].length).toBeLessThan(80);
    expect(await conversations('search', 'nowhere')).toBe('');
    expect(errors.at(-1)).toContain('"nowhere"');
  });

  it('shows every line with its number, its alternatives, and what was edited', async () => {
    const conversation = await talk('MARTA', 'Who?', 'Hugo does.');
    const { id } = conversation.lines[1]!.alternatives[0]!;
    await conversation.offer(id, { speaker: 'MARTA', text: 'I do.', isEdited: true }, true);
    const [{ id: its }] = (await json<Talk[]>('list')) as [Talk];
    expect((await conversations('show', its)).split('\n').slice(1)).toEqual([
      '',
      '1 You: Who?',
      '2 MARTA: I do. (edited, 2 of 2)',
    ]);
    const { lines } = await json<{ lines: unknown[] }>('show', its);
    expect(lines[1]).toMatchObject({
      ...{ number: 2, speaker: 'MARTA', text: 'I do.', chosen: 2 },
      alternatives: [{ text: 'Hugo does.' }, { text: 'I do.' }],
    });
  });

  it('is renamed, found by the name, and deleted for good', async () => {
    await talk('MARTA', 'Who?');
    await talk('OLD HUGO', 'And you?');
    const [hugo, marta] = (await json<Talk[]>('list')) as [Talk, Talk];
    await conversations('rename', marta.id, 'the sea');
    expect((await json<Talk[]>('list'))[0]?.id).toBe(hugo.id); // where it was
    await conversations('rename', hugo.id.slice(0, 5), ' the  light ');
    expect(await conversations('list')).toContain('“the light”');
    await expect(conversations('rename', marta.id, 'The Light')).rejects.toThrow(/already/);
    expect((await json<Talk>('show', 'the LIGHT')).id).toBe(hugo.id);
    await conversations('delete', 'the light', '--yes');
    expect((await json<Talk[]>('list')).map(({ id }) => id)).toEqual([marta.id]);
    expect(() => statSync(hugo.path)).toThrow(/ENOENT/);
    await expect(conversations('show', 'the light')).rejects.toMatchObject({
      code: 'CONVERSATION_UNKNOWN',
    });
  });

  it('closes a folder that an older version left open to others', async () => {
    const { path } = await talk('MARTA', 'Who?');
    expect(statSync(path).mode & 0o077).toBe(0);
    chmodSync(folder, 0o755);
    await conversations('list');
    expect(statSync(folder).mode & 0o077).toBe(0);
  });
});
