import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePlace } from '../play/place.ts';
import { sha256 } from '../store/sha256.ts';
import { WordHashEmbedder } from '../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { Memory, type MemoryOptions } from './memory.ts';
import { isWitnessed } from './passage.ts';
import type { MemoryEvent } from './row-vectors.ts';
import { WordIndex } from './word-index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(more: Partial<MemoryOptions> = {}, embedder = new WordHashEmbedder()) {
  return Memory.open({
    play: lighthouse,
    playHash: 'a'.repeat(64),
    embedder: () => Promise.resolve(embedder),
    embedderHash: 'b'.repeat(64),
    folder,
    ...more,
  });
}

describe('Memory.recall', () => {
  it('finds what fits the query, in the shape the command prints', async () => {
    const memory = await open();
    const [best] = await memory.recall('who sold the silver bell', { character: 'ADA' });
    expect(best).toEqual({
      kind: 'speech',
      end: '1.1.4',
      place: '1.1.4',
      speaker: 'ADA',
      text: 'My brother sold the silver bell, and thinks I do not know it.',
      score: expect.closeTo(0.98, 2),
    });
  });

  it('never finds what the character was not there for', async () => {
    const memory = await open();
    const found = await memory.recall('the bell and nine gold coins', {
      character: 'ADA',
      limit: 50,
    });
    expect(found.map(({ text }) => text).join()).not.toContain('smuggler');
  });

  it('never finds what comes at the place or after it', async () => {
    const memory = await open();
    const found = await memory.recall('the bell', {
      character: 'CLEO',
      before: parsePlace('1.2'),
      limit: 50,
    });
    expect(found.map(({ place }) => place)).toEqual(['1.1.5']);
  });

  it('finds nothing for somebody who was never on stage, or for no words', async () => {
    const memory = await open();
    expect(await memory.recall('the bell', { character: 'NOBODY' })).toEqual([]);
    expect(await memory.recall('  ', { character: 'ADA' })).toEqual([]);
  });

  it('gives what ranking everything by hand and leaving out the unwitnessed gives', async () => {
    const embedder = new WordHashEmbedder();
    const memory = await open({}, embedder);
    const { passages } = memory;
    const wordIndex = new WordIndex(passages);
    const vectors = passages.map(({ speaker, text }) =>
      embedder.vector(`${speaker}: ${text.replaceAll('\n', ' ')}`),
    );
    const word = fc.constantFrom('bell', 'silver', 'storm', 'keeper', 'ships', 'gold', 'brother');
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('ADA', 'BEN', 'CLEO'),
        fc.constantFrom(undefined, '1.1.3', '1.2', '1.2.2', '2.1'),
        async (asked, character, at) => {
          const before = at === undefined ? undefined : parsePlace(at);
          const query = asked.join(' ');
          const likeness = vectors.map((row) =>
            dot(Float32Array.from(embedder.vector(query)), row),
          );
          const all = passages.map((_, i) => i);
          const byMeaning = all.sort((a, b) => likeness[b]! - likeness[a]! || a - b);
          const byWords = wordIndex
            .search(query, passages.length, () => true)
            .map(({ row }) => row);
          const seen = (i: number): boolean => isWitnessed(passages[i]!, character, before);
          const scores = new Map<string, number>();
          for (const ranking of [byMeaning.filter(seen), byWords.filter(seen)])
            ranking.forEach((i, rank) => {
              const { place } = passages[i]!;
              scores.set(place, (scores.get(place) ?? 0) + 61 / (61 + rank) / 2);
            });
          const found = await memory.recall(query, { character, before, limit: 99 });
          expect(new Map(found.map(({ place, score }) => [place, score]))).toEqual(
            new Map([...scores].map(([place, score]) => [place, Number(score.toFixed(4))])),
          );
          expect(found).toEqual([...found].sort((a, b) => b.score - a.score));
        },
      ),
    );
  });

  it('stops with the reason of its signal', async () => {
    const memory = await open();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(memory.recall('bell', { character: 'ADA', signal })).rejects.toThrow('enough');
  });
});

describe('Memory.open', () => {
  it('makes the index once, and after that opens no embedding model', async () => {
    await open();
    const never = (): never => {
      throw new Error('opened');
    };
    await expect(open({ embedder: never })).resolves.toBeInstanceOf(Memory);
  });

  it('reports how far the making has come', async () => {
    const events: MemoryEvent[] = [];
    await open({ onProgress: (event) => events.push(event) });
    const total = events.at(-1)!;
    expect(events[0]).toMatchObject({ kind: 'embed', done: 0 });
    expect(total).toMatchObject({ kind: 'embed', done: 9, total: 9 });
  });

  it('keeps nothing that looks like an index when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(open({ signal })).rejects.toThrow('enough');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives every play and embedding model an index of its own', async () => {
    await open();
    await open({ playHash: 'c'.repeat(64) });
    await open({ embedderHash: 'd'.repeat(64) });
    expect(readdirSync(folder)).toHaveLength(3);
  });

  const damages: Record<string, (path: string) => void> = {
    'it is cut short': (path) => truncateSync(path, 400),
    'it is of another version': (path) => {
      const text = readFileSync(path, 'latin1').replace('"version":1', '"version":2');
      writeFileSync(path, text, 'latin1');
    },
    'a bit of it has flipped': (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length - 100]! ^= 1;
      writeFileSync(path, bytes);
    },
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`makes the index anew, and says so, if ${what}`, async () => {
      await open();
      damage(join(folder, readdirSync(folder)[0]!));
      const events: MemoryEvent[] = [];
      const embedder = new WordHashEmbedder();
      await open({ onProgress: (event) => events.push(event) }, embedder);
      expect(events[0]).toMatchObject({ kind: 'rebuild' });
      expect(embedder.calls).toBe(1);
      const again = new WordHashEmbedder();
      await open({}, again);
      expect(again.calls).toBe(0);
    });
  }

  it('takes up an index of the version before, and embeds nothing', async () => {
    const embedder = new WordHashEmbedder();
    const { passages } = await open({ folder: mkdtempSync(join(folder, 'other-')) });
    const texts = passages.map(({ speaker, text }) => `${speaker}: ${text.replaceAll('\n', ' ')}`);
    const bytes = Buffer.concat(texts.map((text) => Buffer.from(embedder.vector(text).buffer)));
    const name = sha256(`${'a'.repeat(64)} ${'b'.repeat(64)}`).slice(0, 16);
    const sidecar = {
      format: 'dramatis-memory-index',
      version: 1,
      source: { play: 'a'.repeat(64), passages: sha256(JSON.stringify(texts)), count: 9 },
      dim: embedder.width,
      vectors: { bytes: bytes.length, sha256: sha256(bytes) },
    };
    writeFileSync(join(folder, `${name}.f32`), bytes);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(sidecar));
    const memory = await open({}, embedder);
    expect(embedder.calls).toBe(0);
    const [best] = await memory.recall('who sold the silver bell', { character: 'ADA' });
    expect(best?.place).toBe('1.1.4');
  });
});

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
