import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOfFiles } from '../store/file-stamp.ts';
import { partName, partPaths } from './part-paths.ts';

describe('partPaths', () => {
  it('names all files of a model that comes in several, by any of them', () => {
    const all = ['/m/a-00001-of-00002.gguf', '/m/a-00002-of-00002.gguf'];
    for (const path of all) expect(partPaths(path)).toEqual(all);
    expect(partPaths('a-00001-of-00002.gguf')[1]).toBe('a-00002-of-00002.gguf');
    expect(partPaths('./a-00001-of-00002.gguf')[1]).toBe('a-00002-of-00002.gguf');
  });

  it('takes for one file what is one, or claims more parts than there can be', () => {
    for (const name of [
      'a.gguf',
      'a-00001-of-00001.gguf',
      'a-00001-of-99999.gguf',
      'a-1-of-2.gguf',
    ]) {
      expect(partPaths(name)).toEqual([name]);
      expect(partName(name)).toBeUndefined();
    }
  });
});

describe('bytesOfFiles', () => {
  it('counts all files of a model that are here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dramatis-weights-'));
    for (const [name, bytes] of [
      ['m-00001-of-00002.gguf', 10],
      ['m-00002-of-00002.gguf', 7],
      ['m-00001-of-00003.gguf', 100],
    ] as const) {
      writeFileSync(join(folder, name), '');
      truncateSync(join(folder, name), bytes);
    }
    expect(await bytesOfFiles(partPaths(join(folder, 'm-00001-of-00002.gguf')))).toBe(17);
    expect(await bytesOfFiles(partPaths(join(folder, 'm-00001-of-00003.gguf')))).toBe(100);
  });
});
