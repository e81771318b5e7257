import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DurableJson } from './durable-json.ts';
import { Journal } from './journal.ts';
import { withLock } from './lock.ts';
import { readStored } from './read-stored.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-stored-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pipe = join(folder, 'pipe');
const hasPipe = spawnSync('mkfifo', [pipe]).status === 0;
const refused = {
  code: 'STORE_UNREADABLE',
  message: expect.stringMatching(/pipe: it is a device/),
};

describe('A stored file', () => {
  it('is read, and a folder in its place is refused', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'kept');
    expect(String(await readStored(path))).toBe('kept');
    await expect(readStored(folder)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    await expect(readStored(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.runIf(hasPipe)(
    'in whose place is a pipe that nobody writes to is not waited for',
    async () => {
      await expect(readStored(pipe)).rejects.toMatchObject(refused);
      const check = (data: unknown) => ({ data });
      const json = new DurableJson(pipe, { format: 'tiny', version: 1, check });
      await expect(json.read()).rejects.toMatchObject(refused);
      await expect(new Journal(pipe).read()).rejects.toMatchObject(refused);
    },
  );
});

describe('A lock', () => {
  const locked = async (path: string) => withLock(path, async () => 'in', { timeoutMs: 50 });

  it('in whose place is a link, a folder or a pipe is refused, and never waited for', async () => {
    const dangling = join(folder, 'dangling');
    symlinkSync(join(folder, 'nowhere'), `${dangling}.lock`);
    await expect(locked(dangling)).rejects.toThrow(/dangling\.lock .* is a link/);
    if (!hasPipe) return;
    const piped = join(folder, 'piped');
    spawnSync('mkfifo', [`${piped}.lock`]);
    await expect(locked(piped)).rejects.toThrow(/piped\.lock .* is a device, a pipe or a socket/);
  });
});
