import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { ExactIndex } from './exact-index.ts';
import { fuse } from './fuse.ts';
import { HnswIndex } from './hnsw-index.ts';
import { passagesOf } from './passages.ts';
import type { VectorIndex } from './vector-index.ts';
import { isGreeting, saysNothingAlone, termOf, WordIndex } from './word-index.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-search-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows in clusters, as those of sentences are; the same for the same seed. */
function clusteredRows(count: number, dim: number, seed = 1): Float32Array {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const centres = Array.from({ length: 20 }, () => Array.from({ length: dim }, uniform));
  const rows = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    const centre = centres[row % centres.length]!;
    const values = centre.map((value) => value + 0.8 * uniform());
    const norm = Math.hypot(...values);
    rows.set(
      values.map((value) => value / norm),
      row * dim,
    );
  }
  return rows;
}

/** Every likeness computed, then sorted: slow and obvious. */
function slowSearch(
  rows: Float32Array,
  dim: number,
  query: Float32Array,
  allowed: (row: number) => boolean,
): number[] {
  const all = Array.from({ length: rows.length / dim }, (_, row) => ({
    row,
    likeness: query.reduce((sum, value, i) => sum + value * rows[row * dim + i]!, 0),
  }));
  return all
    .filter(({ row }) => allowed(row))
    .sort((a, b) => b.likeness - a.likeness || a.row - b.row)
    .map(({ row }) => row);
}

describe('ExactIndex.search', () => {
  it('gives what sorting all the allowed rows gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 9999 }),
        fc.func(fc.boolean()),
        (count, limit, seed, allowed) => {
          const rows = clusteredRows(count, 8, seed);
          const query = clusteredRows(1, 8, seed + 1);
          const found = new ExactIndex(rows, 8).search(query, limit, allowed);
          expect(found.map(({ row }) => row)).toEqual(
            slowSearch(rows, 8, query, allowed).slice(0, limit),
          );
        },
      ),
    );
  });

  it('puts the first of equal rows first', () => {
    const rows = Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0);
    const found = new ExactIndex(rows, 2).search(Float32Array.of(1, 0), 2, () => true);
    expect(found.map(({ row }) => row)).toEqual([0, 2]);
  });

  it('refuses a query of another width', () => {
    const index = new ExactIndex(new Float32Array(8), 4);
    expect(() => index.search(new Float32Array(3), 1, () => true)).toThrow(RangeError);
  });
});

describe('HnswIndex.search', () => {
  const dim = 32;
  const rows = clusteredRows(4000, dim);
  const recallAt10 = (index: VectorIndex, allowed: (row: number) => boolean): number => {
    const queries = clusteredRows(60, dim, 99);
    let hits = 0;
    for (let i = 0; i < 60; i++) {
      const query = queries.subarray(i * dim, (i + 1) * dim);
      const exact = new Set(slowSearch(rows, dim, query, allowed).slice(0, 10));
      hits += index.search(query, 10, allowed).filter(({ row }) => exact.has(row)).length;
    }
    return hits / 600;
  };

  it('finds at least 99 of 100 of the ten nearest, unfiltered and under filters', async () => {
    const index = await HnswIndex.build(rows, dim);
    expect(recallAt10(index, () => true)).toBeGreaterThanOrEqual(0.99);
    expect(recallAt10(index, (row) => row % 3 === 0)).toBeGreaterThanOrEqual(0.99);
    expect(recallAt10(index, (row) => row < 500)).toBeGreaterThanOrEqual(0.99);
  });

  it('is exact where the filter leaves few rows', async () => {
    const index = await HnswIndex.build(rows, dim);
    expect(recallAt10(index, (row) => row % 20 === 0)).toBe(1);
  });

  it('never gives a row that is not allowed', async () => {
    const index = await HnswIndex.build(rows, dim);
    const found = index.search(rows.subarray(0, dim), 50, (row) => row % 7 === 3);
    expect(found.filter(({ row }) => row % 7 !== 3)).toEqual([]);
    expect(found).toHaveLength(50);
  });

  it('answers the same after it was saved and loaded', async () => {
    const index = await HnswIndex.build(rows, dim);
    const path = join(folder, 'rows.hnsw');
    await index.save(path);
    const again = await HnswIndex.load(path, rows, dim);
    const query = rows.subarray(0, dim);
    expect(again.search(query, 10, () => true)).toEqual(index.search(query, 10, () => true));
  });
});

describe('WordIndex.search', () => {
  const passages = passagesOf(lighthouse);
  const index = new WordIndex(passages);
  const texts = (query: string, allowed = (_: number): boolean => true): string[] =>
    index.search(query, 10, allowed).map(({ row }) => passages[row]!.text);

  it('finds passages by a word in another form', () => {
    expect(texts('counting a ship')[0]).toContain('seven ships');
  });

  it('finds passages by who speaks', () => {
    expect(texts('cleo')).toHaveLength(4);
  });

  it('finds nothing by words that every sentence has', () => {
    expect(texts('what is it that you would tell me about?')).toEqual([]);
  });

  it('leaves out what is not allowed', () => {
    const bell = index.search('bell', 10, () => true);
    expect(bell.length).toBeGreaterThan(3);
    const allowed = (passage: number): boolean => passage !== bell[0]!.row;
    expect(index.search('bell', 10, allowed)).toEqual(bell.slice(1));
  });

  it('takes old and new forms of a verb for one', () => {
    const forms = ['murder', 'murders', 'murdered', 'murdereth', 'murdering', "murder'd"];
    expect(new Set(forms.map(termOf))).toEqual(new Set(['murder']));
  });

  it('takes the past of an irregular or a short verb for the present', () => {
    for (const [past, present] of [
      ['sold', 'sell'],
      ['stolen', 'steal'],
      ['gave', 'gives'],
      ['owed', 'owe'],
      ['dies', 'died'],
    ])
      expect(termOf(past!), past).toBe(termOf(present!));
    expect(termOf('bed')).not.toBe(termOf('bee'));
    expect(['to-morrow', 'to-night', 'to-day'].map(termOf)).toEqual(
      ['tomorrow', 'tonight', 'today'].map(termOf),
    );
  });
});

describe('words that bring nothing to mind', () => {
  it('are those that ask on without saying what about', () => {
    expect(['And why?', 'How so?', 'And what then did he do?'].every(saysNothingAlone)).toBe(true);
    expect(['Who was Yorick?', 'Why the sword?'].some(saysNothingAlone)).toBe(false);
  });

  it('are those of greeting, and not those that name somebody', () => {
    const greetings = ['Good morrow, my lord!', 'How do you feel today?', 'What is your name?'];
    expect(greetings.every(isGreeting)).toBe(true);
    expect(['Where is the king now?', 'Who is your father?'].some(isGreeting)).toBe(false);
  });
});

describe('fuse', () => {
  it('gives 1 to what is first everywhere', () => {
    expect(fuse([[4, 2], [4]])[0]).toEqual({ item: 4, score: 1 });
  });

  it('puts what both rankings have before what one has', () => {
    const rankings = [
      [1, 2, 3],
      [9, 3, 8],
    ];
    expect(fuse(rankings)[0]!.item).toBe(3);
  });

  it('gives the sum of reciprocal ranks, each item once, best first', () => {
    const ranking = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(ranking, { minLength: 1, maxLength: 3 }), (rankings) => {
        const fused = fuse(rankings);
        const items = new Set(rankings.flat());
        expect(new Set(fused.map(({ item }) => item))).toEqual(items);
        expect(fused).toHaveLength(items.size);
        for (const { item, score } of fused) {
          const terms = rankings.map((one) => one.indexOf(item)).filter((at) => at >= 0);
          const sum = terms.reduce((total, at) => total + 1 / (61 + at), 0);
          expect(score).toBeCloseTo((sum * 61) / rankings.length, 10);
          expect(score).toBeLessThanOrEqual(1 + 1e-12);
        }
        const scores = fused.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});
