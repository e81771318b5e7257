import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openFile } from './open-file.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, open: vi.fn(real.open) };
});
const folder = mkdtempSync(join(tmpdir(), 'dramatis-open-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');

/** A file as Yarn's Plug'n'Play opens it. */
function lesser(file: FileHandle): FileHandle {
  const sync = () => {
    throw new Error('Method not implemented.');
  };
  const less = { fd: file.fd, close: () => file.close(), sync };
  return less satisfies Partial<FileHandle> as Partial<FileHandle> as FileHandle;
}

describe('openFile', () => {
  it('opens what can be flushed and disposed of', async () => {
    let file: FileHandle;
    {
      await using opened = await openFile(path, 'w');
      await opened.sync();
      file = opened;
    }
    expect(file.fd).toBe(-1);
  });

  it("also where Yarn's Plug'n'Play opens files that cannot", async () => {
    const real = await open(path, 'r');
    vi.mocked(open).mockResolvedValueOnce(lesser(real));
    {
      await using opened = await openFile(path, 'r', undefined, true);
      await opened.sync();
      expect(real.fd).toBeGreaterThan(0);
    }
    expect(real.fd).toBe(-1);
  });
});
