import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireMemory, tooLarge, weightBytes } from './require-memory.ts';

describe('requireMemory', () => {
  it('lets pass what fits and refuses what is larger than any machine', () => {
    expect(() => requireMemory('small', 1e6, { gpu: 'off' })).not.toThrow();
    expect(() => requireMemory('huge', 1e15, { gpu: 'off' })).toThrow(
      expect.objectContaining({ code: 'MEMORY_SHORT' }),
    );
  });
});

describe('tooLarge', () => {
  it('says in one line what is needed and what is there, and names the best that fit', () => {
    const { message, remedy } = tooLarge('qwen3-8b', 5.3e9, 2e9);
    expect(message).toBe('qwen3-8b needs about 5.3 GB of memory, and this machine has 2.0 GB');
    expect(remedy).toMatch(/^Use one that fits: qwen2\.5-coder-1\.5b \(1\.4 GB\), .*\.$/);
    expect(tooLarge('qwen3-8b', 5.3e9, 1e6).remedy).toMatch(/None of the catalogue fits/);
  });
});

describe('weightBytes', () => {
  it('counts all files of a model that comes in several', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dramatis-weights-'));
    for (const [name, bytes] of [
      ['m-00001-of-00002.gguf', 10],
      ['m-00002-of-00002.gguf', 7],
      ['m-00001-of-00003.gguf', 100],
      ['n.gguf', 1000],
    ] as const) {
      writeFileSync(join(folder, name), '');
      truncateSync(join(folder, name), bytes);
    }
    expect(await weightBytes(join(folder, 'm-00001-of-00002.gguf'))).toBe(17);
    expect(await weightBytes(join(folder, 'n.gguf'))).toBe(1000);
  });
});
