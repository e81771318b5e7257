import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePlace } from '../play/place.ts';
import { WordHashEmbedder } from '../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import {
  lighthouseHash,
  lighthouseHeader,
  lighthouseRows,
} from '../testing/plays/lighthouse-digests.ts';
import type { DigestRow } from './digests/digest-file.ts';
import { writeDigestFile } from './digests/digest-file.ts';
import { readDigests } from './digests/read-digests.ts';
import { Memory, type MemoryOptions } from './memory.ts';
import { recollect } from './recollect.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-recollect-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Counts the texts that are embedded. */
class CountingEmbedder extends WordHashEmbedder {
  texts: string[] = [];

  override embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    this.texts.push(...texts);
    return super.embed(texts, signal);
  }
}

const questions: Readonly<Record<string, readonly string[]>> = {
  '1.1-1': ['How many ships did {ADA} count?'],
  '1.1-2': ['Who sold the silver bell?'],
  '1.2-1': ['To whom did {BEN} sell the bell?', 'For how much did {BEN} sell the silver bell?'],
  '1.2-2': ['What did {THE TWO} swear?'],
};
const rows = lighthouseRows.map((row) => ({ ...row, asks: questions[row.id]! }));

function open(
  {
    digests = rows,
    ...more
  }: { digests?: readonly DigestRow[] } & Partial<Omit<MemoryOptions, 'digests'>> = {},
  embedder: WordHashEmbedder = new WordHashEmbedder(),
) {
  const text = writeDigestFile(lighthouseHeader, digests);
  const opened = { play: lighthouse, sha256: lighthouseHash };
  return Memory.open({
    play: lighthouse,
    playHash: lighthouseHash,
    digests: readDigests(text, 'lighthouse.jsonl', opened).digests,
    embedder: () => Promise.resolve(embedder),
    embedderHash: 'b'.repeat(64),
    folder,
    ...more,
  });
}

describe('recollect', () => {
  it('has facts first, in the words of the one who remembers, then the exchange that shows them', async () => {
    const { items, knowing } = await recollect(await open(), 'Who sold the silver bell?', {
      character: 'ADA',
      budget: { windows: 1 },
    });
    expect(items.map(({ kind }) => kind)).toEqual(['digest', 'window']);
    expect(items[0]).toMatchObject({
      id: '1.1-2',
      place: '1.1.4',
      end: '1.1.4',
      text: "I knew that Ben had sold the dead mother's silver bell.",
    });
    expect(items[0]!.speaker).toBeUndefined();
    expect(items[1]!.text).toContain('ADA: My brother sold the silver bell');
    expect(knowing).toMatchObject({ isKnown: true, known: { id: '1.1-2' } });
  });

  it('says where and from whom somebody has a fact who was not there', async () => {
    const { items } = await recollect(await open(), 'What did Cleo and Ben swear?', {
      character: 'ADA',
    });
    expect(items[0]).toMatchObject({ id: '1.2-2', told: { at: '2.1.3', by: 'Cleo' } });
  });

  it('recalls nothing that is not yet known, and says that it is not', async () => {
    const memory = await open();
    const asked = { character: 'ADA', before: parsePlace('1.2') };
    const { items, knowing } = await recollect(memory, 'What did Cleo and Ben swear?', asked);
    expect(items).toEqual([]);
    expect(knowing).toMatchObject({ isKnown: false, unknown: { id: '1.2-2' } });
  });

  it('says that a name is strange which is nowhere in the play', async () => {
    const memory = await open();
    const asked = { character: 'BEN' };
    const { knowing } = await recollect(memory, 'Where is the island of Prospero?', asked);
    expect(knowing).toMatchObject({ isKnown: false, isStrange: true });
    const own = await recollect(memory, 'For how much did you sell the silver bell?', asked);
    expect(own.knowing).toMatchObject({ isStrange: false });
  });

  it('keeps what it found beside the verdict where the gate is open', async () => {
    const memory = await open();
    const asked = { character: 'ADA', before: parsePlace('1.2'), isGated: false };
    const question = 'What did Cleo and Ben swear of the silver bell that Ben sold?';
    const { items, knowing } = await recollect(memory, question, asked);
    expect(knowing?.isKnown).toBe(false);
    expect(items.length).toBeGreaterThan(0);
  });

  it('judges no greeting, and recalls nothing at words that say nothing', async () => {
    const memory = await open();
    expect(await recollect(memory, 'Who are you?', { character: 'ADA' })).toEqual({ items: [] });
    for (const said of ['Good morrow, my lord.', 'What is your name?', 'How do you feel today?'])
      expect(await recollect(memory, said, { character: 'ADA' })).toEqual({ items: [] });
  });

  it('has none rather than a bad one: at "Who are you?", and where no word of it fits (M5)', async () => {
    for (const digests of [rows, []])
      for (const character of ['ADA', 'BEN', 'CLEO'])
        for (const said of ['Who are you?', 'Who killed the old gardener, and how?', 'Good day!'])
          expect(
            (await recollect(await open({ digests }), said, { character })).items,
            `${character} at ${said}`,
          ).toEqual([]);
  });

  it('keeps within its budget of facts and of words', async () => {
    const memory = await open();
    const ask = (budget: object) =>
      recollect(memory, 'Who sold the silver bell?', { character: 'BEN', budget, isGated: false });
    expect((await ask({ digests: 1 })).items).toHaveLength(1);
    expect((await ask({ words: 5 })).items).toEqual([]);
  });

  it('is the same whatever else has been embedded', async () => {
    const memory = await open();
    const ask = () =>
      recollect(memory, 'Who sold the silver bell?', { character: 'ADA', budget: { windows: 2 } });
    const before = await ask();
    await memory.recall('the bell', { character: 'ADA', kinds: ['speech', 'window'] });
    expect(await ask()).toEqual(before);
    expect(await (await open()).recall('bell', { character: 'ADA' })).not.toEqual([]);
    expect(await ask()).toEqual(before);
  });

  it('has speeches in a play without digests, and none that only one search finds', async () => {
    const memory = await open({ digests: [] });
    const { items, knowing } = await recollect(memory, 'the silver bell', { character: 'ADA' });
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['speech']));
    expect(knowing).toBeUndefined();
    const far = await recollect(memory, 'a dragon', { character: 'ADA' });
    expect(far.items).toEqual([]);
  });
});

describe('recollect where facts are drafted', () => {
  const drafted = lighthouseRows.slice(0, 1);
  const question = 'To whom did the bell go, for nine gold coins?';
  const ask = async (character: string, more: object = {}) =>
    recollect(await open({ digests: drafted }), question, { character, isAsked: true, ...more });

  it('has the speech that answers a question where no fact does, as its speaker tells of it', async () => {
    const { items, knowing } = await ask('BEN');
    expect(knowing).toMatchObject({ isKnown: true, known: { id: '1.2.1' } });
    expect(items[0]).toMatchObject({
      kind: 'speech',
      place: '1.2.1',
      text: 'The bell went to a smuggler for nine gold coins.',
    });
    expect(items[0]!.speaker).toBeUndefined();
  });

  it('has it with its speaker for somebody who heard it, and not at all for who did not', async () => {
    const cleo = await ask('CLEO');
    expect(cleo.items[0]!.text).toBe(
      'Ben said: “The bell went to a smuggler for nine gold coins.”',
    );
    const ada = await ask('ADA');
    expect(ada).toMatchObject({ items: [], knowing: { isKnown: false, unknown: { id: '1.2.1' } } });
    const before = await ask('BEN', { before: parsePlace('1.2') });
    expect(before.knowing?.isKnown).toBe(false);
  });

  it('takes no speech about somebody behind their back for what they do not know', async () => {
    const memory = await open({ digests: drafted });
    const asked = { character: 'BEN', isAsked: true };
    const own = 'Why did you tremble like a man before a judge, with the bell of nine coins gone?';
    const { knowing } = await recollect(memory, own, asked);
    expect(knowing?.isKnown).toBe(true);
    const ada = 'Who counted seven ships, low oil and a crooked wick tonight upon the bar?';
    const other = await recollect(memory, ada, { ...asked, character: 'CLEO' });
    expect(other.knowing).toMatchObject({ isKnown: false, unknown: { id: '1.1.1' } });
  });

  it('has what tells before what asks in much the same words', async () => {
    const { items } = await recollect(
      await open({ digests: drafted }),
      'Who has heard of the bell below the stairs, that it is gone, and rang?',
      { character: 'CLEO', isAsked: true },
    );
    expect(items[0]!.text).not.toContain('does the keeper know');
  });

  it('has a fact where that fits better', async () => {
    const { items } = await recollect(
      await open({ digests: drafted }),
      'Did you tell Ben that you had counted seven ships?',
      { character: 'ADA', isAsked: true },
    );
    expect(items[0]).toMatchObject({ kind: 'digest', id: '1.1-1' });
  });

  it('has none in a scene, and none beside facts that have questions', async () => {
    expect((await ask('BEN', { isAsked: false })).items).toEqual([]);
    const written = await recollect(await open(), question, { character: 'BEN', isAsked: true });
    expect(written.items.map(({ kind }) => kind)).not.toContain('speech');
  });

  it('knows no name that stands nowhere in a play without facts', async () => {
    const memory = await open({ digests: [] });
    const asked = { character: 'BEN', isAsked: true };
    for (const question of [
      'Who is King Juan Carlos?',
      'Where did Ada meet Napoleon?',
      'The bell is gone. What do you know of Mr Holm?',
    ])
      expect(await recollect(memory, question, asked), question).toEqual({
        items: [],
        knowing: { isKnown: false, isStrange: true },
      });
    for (const question of [
      'My name is Peter. To whom did the bell go?',
      'To whom did Mr Ben sell the bell?',
      'Have you been to France?',
    ])
      expect((await recollect(memory, question, asked)).knowing, question).toBeUndefined();
    const ungated = { ...asked, isGated: false };
    expect((await recollect(memory, 'Who is Juan Carlos?', ungated)).knowing).toBeUndefined();
  });

  it('tells a speech to a visitor in a play without facts, too, and has no verdict', async () => {
    const { items, knowing } = await recollect(await open({ digests: [] }), question, {
      character: 'BEN',
      isAsked: true,
    });
    expect(items[0]!.text).toBe('The bell went to a smuggler for nine gold coins.');
    expect(knowing).toBeUndefined();
  });
});

describe('Memory.open with digests', () => {
  it('embeds the facts and their questions alone, each once', async () => {
    const embedder = new CountingEmbedder();
    await open({}, embedder);
    expect(embedder.texts).toHaveLength(9);
    expect(embedder.texts).toContain('Ben sold the silver bell to a smuggler for nine gold coins.');
    expect(embedder.texts).toContain('To whom did Ben sell the bell?');
  });

  it('embeds again only what has changed', async () => {
    await open();
    const embedder = new CountingEmbedder();
    const edited = rows.map((row) =>
      row.id === '1.1-1' ? { ...row, asks: ['What did {ADA} count?'] } : row,
    );
    await open({ digests: edited }, embedder);
    expect(embedder.texts).toEqual(['What did Ada count?']);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('takes what is shipped, and embeds nothing of it', async () => {
    await open();
    const shipped = join(folder, readdirSync(folder)[0]!);
    const embedder = new CountingEmbedder();
    const other = mkdtempSync(join(folder, 'fresh-'));
    await open({ folder: other, shipped }, embedder);
    expect(embedder.texts).toEqual([]);
    expect(readdirSync(other)).toEqual([]);
  });
});
