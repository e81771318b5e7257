import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textHash } from './text-hash.ts';
import { readVectors, writeVectors } from './vectors-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dim = 384;
const embedder = 'e'.repeat(64);

/** Rows of norm 1 whose numbers look like those of sentences. */
function row(seed: number): Float32Array {
  const values = Float32Array.from({ length: dim }, (_, i) =>
    Math.sin((seed + 1) * (i + 1) ** 1.3),
  );
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}
const rows = new Map([0, 1, 2, 3].map((seed) => [textHash(`text ${seed}`), row(seed)]));
const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('a .vectors file', () => {
  it('gives back floats bit by bit, by the hash of each text', async () => {
    const path = join(folder, 'floats.vectors');
    await writeVectors(path, { embedder, dim, rows }, 'float32');
    expect(await readVectors(path, embedder)).toEqual({ embedder, dim, rows });
  });

  it('takes a quarter of the room as bytes, and likenesses are off by less than .001', async () => {
    const path = join(folder, 'bytes.vectors');
    await writeVectors(path, { embedder, dim, rows }, 'int8');
    expect(statSync(path).size).toBeLessThan(rows.size * 420 + 400);
    const found = await readVectors(path, embedder);
    if (!found || 'reason' in found) throw new Error('nothing was read');
    for (const [hash, whole] of rows) {
      const read = found.rows.get(hash)!;
      expect(Math.hypot(...read)).toBeCloseTo(1, 5);
      for (const other of rows.values())
        expect(Math.abs(dot(read, other) - dot(whole, other))).toBeLessThan(0.001);
    }
  });

  it('is not used if it is damaged, of another embedding model, or not there', async () => {
    const path = join(folder, 'damaged.vectors');
    await writeVectors(path, { embedder, dim, rows }, 'int8');
    expect(await readVectors(path, 'f'.repeat(64))).toEqual({
      reason: expect.stringContaining('another embedding model'),
    });
    const bytes = readFileSync(path);
    bytes[bytes.length - 9]! ^= 1;
    writeFileSync(path, bytes);
    expect(await readVectors(path, embedder)).toEqual({
      reason: expect.stringContaining('damaged'),
    });
    expect(await readVectors(join(folder, 'none.vectors'), embedder)).toBeUndefined();
  });
});
