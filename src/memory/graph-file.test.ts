import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../store/sha256.ts';
import { ExactIndex } from './exact-index.ts';
import { indexOf } from './graph-file.ts';
import { HnswIndex } from './hnsw-index.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-graph-'));
  path = join(folder, 'rows.hnsw');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dim = 4;
const rows = Float32Array.from({ length: 64 * dim }, (_, i) => Math.sin(i * i));

describe('indexOf', () => {
  it('is exact and writes nothing where rows are few', async () => {
    expect(await indexOf(rows, dim, path)).toBeInstanceOf(ExactIndex);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('makes a graph once, and takes it up again', async () => {
    const index = await indexOf(rows, dim, path, 10);
    expect(index).toBeInstanceOf(HnswIndex);
    const made = statSync(path).mtimeMs;
    const again = await indexOf(rows, dim, path, 10);
    expect(statSync(path).mtimeMs).toBe(made);
    const query = rows.subarray(0, dim);
    expect(again.search(query, 5, () => true)).toEqual(index.search(query, 5, () => true));
  });

  it('makes the folder that it keeps a graph in', async () => {
    const deep = join(folder, 'not', 'here', 'rows.hnsw');
    await indexOf(rows, dim, deep, 10);
    expect(statSync(deep).size).toBeGreaterThan(0);
  });

  it('never takes up a graph that is damaged or of other rows', async () => {
    await indexOf(rows, dim, path, 10);
    const whole = readFileSync(path);
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1]! ^= 0x40;
    writeFileSync(path, damaged);
    await indexOf(rows, dim, path, 10);
    expect(readFileSync(path)).toEqual(whole);
    await indexOf(
      rows.map((value) => -value),
      dim,
      path,
      10,
    );
    const record = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    expect(record).toMatchObject({ shape: { m: 24 }, graph: sha256(readFileSync(path)) });
    expect(record.rows).not.toBe(sha256(new Uint8Array(rows.buffer)));
  });
});
