import { describe, expect, it } from 'vitest';
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
