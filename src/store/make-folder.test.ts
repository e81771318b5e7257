import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  it('makes what is missing, and is content with what is there', async () => {
    const at = await mkdtemp(join(tmpdir(), 'dramatis-folder-'));
    const deep = join(at, 'a', 'b', 'c');
    await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(at, 'a', 'd'))]);
    expect((await stat(deep)).isDirectory()).toBe(true);
    await rm(at, { recursive: true });
  });

  it('fails where a file is in the way', async () => {
    const at = await mkdtemp(join(tmpdir(), 'dramatis-folder-'));
    await writeFile(join(at, 'file'), '');
    await expect(makeFolder(join(at, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await rm(at, { recursive: true });
  });

  it.runIf(process.platform === 'linux')('ends where a parent takes no children', async () => {
    await expect(makeFolder('/proc/nowhere/below')).rejects.toThrow();
  });
});
