import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeFolder } from './make-folder.ts';

/** What was flushed to the disk, in order. */
const flushed: string[] = [];
vi.mock('node:fs/promises', async (load) => {
  const fs = await load<typeof import('node:fs/promises')>();
  const open: typeof fs.open = async (path, ...more) => {
    const file = await fs.open(path, ...more);
    const sync = file.sync.bind(file);
    file.sync = () => {
      flushed.push(String(path));
      return sync();
    };
    return file;
  };
  return { ...fs, open };
});

describe('makeFolder', () => {
  it('makes what is missing, and is content with what is there', async () => {
    const at = await mkdtemp(join(tmpdir(), 'dramatis-folder-'));
    const deep = join(at, 'a', 'b', 'c');
    await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(at, 'a', 'd'))]);
    expect((await stat(deep)).isDirectory()).toBe(true);
    await rm(at, { recursive: true });
  });

  it.runIf(process.platform !== 'win32')('flushes the name of each folder it makes', async () => {
    const at = await mkdtemp(join(tmpdir(), 'dramatis-folder-'));
    flushed.length = 0;
    await makeFolder(join(at, 'a', 'b'));
    expect(flushed).toEqual([at, join(at, 'a')]);
    await makeFolder(join(at, 'a', 'b'));
    expect(flushed).toHaveLength(2);
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
