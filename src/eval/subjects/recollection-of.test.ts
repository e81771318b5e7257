import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDigestFile } from '../../memory/digests/digest-file.ts';
import { readDigests } from '../../memory/digests/read-digests.ts';
import { Memory } from '../../memory/memory.ts';
import { WordHashEmbedder } from '../../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import {
  lighthouseHash,
  lighthouseHeader,
  lighthouseRows,
} from '../../testing/plays/lighthouse-digests.ts';
import type { Memories, QuestionContext } from '../task.ts';
import { deepRecollection, recollectionOf } from './recollection-of.ts';

let folder: string;
let memory: Memory;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-recollection-'));
  const text = writeDigestFile(lighthouseHeader, lighthouseRows);
  const opened = { play: lighthouse, sha256: lighthouseHash };
  memory = await Memory.open({
    play: lighthouse,
    playHash: lighthouseHash,
    digests: readDigests(text, 'lighthouse.jsonl', opened).digests,
    embedder: () => Promise.resolve(new WordHashEmbedder()),
    embedderHash: 'b'.repeat(64),
    folder,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = (memories: Memories, more: Partial<QuestionContext> = {}): QuestionContext => ({
  kind: 'question',
  speaker: 'ADA',
  question: 'Who sold the silver bell?',
  memories,
  ...more,
});
const recalled = async (memories: Memories, more?: Partial<QuestionContext>) =>
  (await recollectionOf(asked(memories, more), memory)).items;

describe('recollectionOf', () => {
  it('is nothing where nothing is to be recalled', async () => {
    expect(await recalled({ kind: 'none' })).toEqual([]);
  });

  it('has the one fact or exchange of some lines, as the speaker knows it', async () => {
    const spans = [{ from: '1.1.3', end: '1.1.5' }];
    const [fact, ...more] = await recalled({ kind: 'of lines', of: 'digest', spans });
    expect(more).toEqual([]);
    expect(fact).toMatchObject({ kind: 'digest', id: '1.1-2', place: '1.1.4' });
    expect(fact!.text).toMatch(/^I knew that .*Ben had sold/);
    const [exchange] = await recalled({ kind: 'of lines', of: 'window', spans });
    expect(exchange).toMatchObject({ kind: 'window' });
  });

  it('has nothing of lines that the speaker knows nothing of, or not yet', async () => {
    const lines = (from: string): Memories => {
      return { kind: 'of lines', of: 'digest', spans: [{ from, end: from }] };
    };
    expect(await recalled(lines('1.2.1'))).toEqual([]);
    expect(await recalled(lines('1.1.4'), { at: '1.1' })).toEqual([]);
    expect(await recalled(lines('1.2.1'), { speaker: 'BEN' })).toHaveLength(1);
  });

  it('has another’s memories as that one would tell them', async () => {
    const memories = { kind: 'of another', character: 'BEN' } as const;
    const { items, knowing } = await recollectionOf(asked(memories), memory);
    expect(knowing).toBeUndefined();
    expect(items.map(({ text }) => text).join('\n')).toContain('smuggler');
    expect((await recalled({ kind: 'own' })).map(({ text }) => text).join()).not.toContain(
      'smuggler',
    );
  });

  it('draws facts that the speaker knows, the same at the same seed', async () => {
    const drawn = await recalled({ kind: 'by lot', seed: 3 });
    expect(drawn.map(({ id }) => id).sort()).toEqual(['1.1-1', '1.1-2', '1.2-2']);
    expect(await recalled({ kind: 'by lot', seed: 3 })).toEqual(drawn);
    expect(await recalled({ kind: 'by lot', seed: 3 }, { at: '1.2' })).toHaveLength(2);
  });
});

describe('deepRecollection', () => {
  it('has what an answer is given and more, the best first', async () => {
    const question = 'Who sold the silver bell to a smuggler for nine gold coins?';
    const context = asked({ kind: 'own' }, { speaker: 'BEN', question });
    const { items } = await deepRecollection({ kind: 'recall', context, limit: 10 }, memory);
    const few = await recollectionOf(context, memory);
    expect(few.items.length).toBeGreaterThan(0);
    expect(items.slice(0, 1)).toEqual(few.items.slice(0, 1));
    expect(items.length).toBeGreaterThanOrEqual(few.items.length);
  });
});
