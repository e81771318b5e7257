import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Embedder } from '../../engine/embedder.ts';
import type { Model } from '../../engine/model.ts';
import type { Session } from '../../engine/session/session.ts';
import type { OpenedPlay } from '../../hub/plays.ts';
import { parseDigestFile } from '../../memory/digests/digest-file.ts';
import { WordHashEmbedder } from '../../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import { lighthouseHash } from '../../testing/plays/lighthouse-digests.ts';
import { Dramatis } from '../dramatis.ts';
import { openModel } from '../open-model.ts';
import { type DraftEvent, type DraftOptions, draftDigests } from './draft-digests.ts';
import { draftPromptVersion } from './draft-prompt.ts';

vi.mock('../open-model.ts');

const at = mkdtempSync(join(tmpdir(), 'dramatis-draft-'));
afterAll(() => rmSync(at, { recursive: true }));

const answer = (...sentences: string[]): string =>
  JSON.stringify(sentences.map((means) => ({ speech: '…', means })));

/** What a model answers to the part of a play that has these words. */
const answers: Readonly<Record<string, string>> = {
  'seven ships': answer(
    'Ada told Ben that the oil is low and counted seven ships.',
    'Ada told Ben that roses grow.',
    'Cleo asked Ada who rang the bell below the stairs.',
  ),
  'nine gold coins': answer('Ben told Cleo that the bell went to a smuggler for nine gold coins.'),
  "mother's silver bell": answer('Cleo told Ben that he was lost and storm and bell.'),
};

let home: string;
let asked: string[];

/** A model whose tokens are characters, and which answers from the list above. */
function fakeModel(): Model {
  const info = { addsStart: false, start: -1 };
  const tokenize = (text: string): Int32Array => Int32Array.from(text, (one) => one.charCodeAt(0));
  const model = { info, chatTemplate: undefined, tokenize, special: () => undefined };
  const session: Partial<Session> = {
    model: model as unknown as Model,
    async *generate(prompt, { signal } = {}) {
      signal?.throwIfAborted();
      const text = String.fromCharCode(...prompt)
        .split(']')
        .slice(1)
        .join(']');
      const found = Object.entries(answers).find(([words]) => text.includes(words));
      asked.push(found?.[0] ?? '');
      yield { token: 0, text: found?.[1] ?? '[]' };
      return 'end';
    },
    [Symbol.dispose]: () => {},
  };
  return { ...model, session: async () => session } as unknown as Model;
}

beforeEach(() => {
  home = mkdtempSync(join(at, 'home-'));
  asked = [];
  const embedder = Object.assign(new WordHashEmbedder(), { [Symbol.dispose]: () => {} });
  vi.mocked(openModel).mockImplementation(async (_workspace, name) => ({
    model:
      name === 'minilm'
        ? ({ embedder: async () => embedder as unknown as Embedder } as Model)
        : fakeModel(),
    name: 'fake',
    path: '/models/fake.gguf',
    entry: undefined,
    sha256: async () => (name === 'other' ? 'f' : '0').repeat(64),
    [Symbol.dispose]: () => {},
  }));
});

const opened = (): OpenedPlay => ({
  play: lighthouse,
  id: 'lighthouse',
  sha256: lighthouseHash,
  path: join(home, 'lighthouse.md'),
});

async function* drafting(options: Partial<DraftOptions> = {}): AsyncGenerator<DraftEvent, void> {
  const dramatis = await Dramatis.open({ hub: { env: { DRAMATIS_HOME: home } } });
  yield* draftDigests(dramatis, { play: opened(), ...options });
}

async function draft(options: Partial<DraftOptions> = {}): Promise<DraftEvent[]> {
  const events: DraftEvent[] = [];
  for await (const event of drafting(options)) events.push(event);
  return events;
}

const file = (): string => join(home, 'digests', 'lighthouse.jsonl');
const rows = () => parseDigestFile(readFileSync(file(), 'utf8')).rows.map(({ row }) => row);

describe('drafting the digests of a play', () => {
  it('keeps what stands in a scene, says why the rest fell, and where the file is', async () => {
    const events = await draft();
    expect(events[0]).toMatchObject({ kind: 'begin', scenes: 3, model: 'fake.gguf 000000000000' });
    expect(events.filter(({ kind }) => kind === 'scene')).toMatchObject([
      {
        scene: '1.1',
        kept: 2,
        fallen: [{ sentence: 'Ada told Ben that roses grow.', reason: 'unfounded' }],
      },
      { scene: '1.2', kept: 1, fallen: [] },
      { scene: '2.1', kept: 0, fallen: [{ reason: 'pronoun' }] },
    ]);
    expect(events.at(-1)).toEqual({
      ...{ kind: 'end', path: file(), kept: 3, total: 3, edited: 0 },
      fallen: { unfounded: 1, pronoun: 1 },
    });
    expect(rows()[0]!.source).toMatchObject({
      model: 'fake.gguf 000000000000',
      prompt: draftPromptVersion,
    });
  });

  it('goes on after an interruption with the scenes that are not finished', async () => {
    const stop = new AbortController();
    const interrupted = (async () => {
      for await (const event of drafting({ signal: stop.signal }))
        if (event.kind === 'scene') stop.abort(new Error('enough'));
    })();
    await expect(interrupted).rejects.toThrow('enough');
    expect(rows()).toHaveLength(2);
    asked = [];
    const events = await draft();
    expect(events.filter(({ kind }) => kind === 'scene')).toMatchObject([
      { scene: '1.1', isDone: true },
      { scene: '1.2', isDone: false },
      { scene: '2.1', isDone: false },
    ]);
    expect(asked).toEqual(['nine gold coins', "mother's silver bell"]);
    expect(rows()).toHaveLength(3);
  });

  it('leaves lines changed by hand as they are, and drafts over them only if forced', async () => {
    await draft();
    writeFileSync(
      file(),
      readFileSync(file(), 'utf8').replace('seven ships.', 'seven tall ships.'),
    );
    const texts = (): string[] => rows().map(({ text }) => text);
    const changed = texts().filter((text) => text.includes('tall'));
    expect(changed).toHaveLength(1);
    const end = (await draft({ model: 'other' })).at(-1);
    expect(end).toMatchObject({ edited: 1 });
    expect(texts()).toEqual(expect.arrayContaining(changed));
    await draft({ force: true });
    expect(texts().join()).not.toContain('tall');
  });

  it('keeps what others write into the file while it drafts', async () => {
    for await (const event of drafting({ scenes: ['1.1', '1.2'] }))
      if (event.kind === 'scene' && event.scene === '1.1') {
        // Another run drafts another scene, and somebody corrects a line.
        await draft({ scenes: ['2.1'] });
        const text = readFileSync(file(), 'utf8');
        writeFileSync(file(), text.replace('seven ships.', 'seven tall ships.'));
      }
    expect(rows().filter(({ text }) => text.includes('tall'))).toHaveLength(1);
    const { header } = parseDigestFile(readFileSync(file(), 'utf8'));
    expect(Object.keys(header?.drafted ?? {}).sort()).toEqual(['1.1', '1.2', '2.1']);
  });

  it('reads the scenes asked for alone, and refuses one that is not there, or a line', async () => {
    await draft({ scenes: ['1.2'] });
    expect(asked).toEqual(['nine gold coins']);
    await expect(draft({ scenes: ['3.1'] })).rejects.toMatchObject({ code: 'PLACE_UNKNOWN' });
    await expect(draft({ scenes: ['1.2.1'] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('refuses to hide digests written by hand, and to write into a file that is wrong or of another edition', async () => {
    const hamlet = { ...opened(), id: 'hamlet' };
    await expect(draft({ play: hamlet })).rejects.toMatchObject({
      code: 'USAGE',
      remedy: 'Give the file to write with --out FILE.',
    });
    await draft({ scenes: ['1.2'] });
    const other = { ...opened(), sha256: 'e'.repeat(64) };
    await expect(draft({ play: other })).rejects.toThrow('another edition');
    writeFileSync(file(), `${readFileSync(file(), 'utf8')}{"id":\n`);
    await expect(draft()).rejects.toMatchObject({
      code: 'DIGESTS_INVALID',
      message: expect.stringContaining('line 3'),
    });
  });
});
