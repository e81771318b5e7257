import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dyingDisk, faultyDisk } from '../testing/disks.ts';
import { temporaryPath } from './temporary.ts';
import { writeAtomic } from './write-atomic.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-atomic-'));
});

async function* parts(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('ex');
  yield Buffer.from('eunt');
}

describe('writeAtomic', () => {
  it('writes text, bytes and streams, and makes the folder', async () => {
    const path = join(folder, 'new/er/file');
    await writeAtomic(path, 'text');
    expect(readFileSync(path, 'utf8')).toBe('text');
    await writeAtomic(path, Buffer.from([1, 2]));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    await writeAtomic(path, parts());
    expect(readFileSync(path, 'utf8')).toBe('exeunt');
    expect(readdirSync(join(folder, 'new/er'))).toEqual(['file']);
  });

  it('sweeps what a killed process left where it writes', async () => {
    const left = temporaryPath(join(folder, 'other')).replace(`-${process.pid}-`, '-4194305-');
    writeFileSync(left, 'half');
    await writeAtomic(join(folder, 'file'), 'text');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('keeps the old content and leaves nothing behind when any call fails', async () => {
    const path = join(folder, 'file');
    for (const code of ['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EMFILE']) {
      for (let failAt = 0; ; failAt++) {
        writeFileSync(path, 'old');
        const disk = faultyDisk(failAt, code);
        const failure = await writeAtomic(path, 'new content', disk).catch((error) => error);
        if (disk.calls.length <= failAt) break; // every call has had its turn
        expect(failure, `${code} at ${disk.calls.at(-1)}`).toMatchObject({
          code: 'STORE_UNWRITABLE',
          message: expect.stringMatching(new RegExp(`^cannot write .*file: .*\\(${code}\\)$`)),
        });
        const isRenamed = disk.calls.includes('rename') && disk.calls.at(-1) !== 'rename';
        expect(readFileSync(path, 'utf8')).toBe(isRenamed ? 'new content' : 'old');
        expect(readdirSync(folder)).toEqual(['file']);
      }
    }
  });

  it('loses neither old nor new content to a power cut at any call', async () => {
    const path = join(folder, 'file');
    for (let cutAt = 0; ; cutAt++) {
      writeFileSync(path, 'old');
      const disk = dyingDisk(cutAt);
      await writeAtomic(path, 'new', disk).catch(() => {});
      expect(['old', 'new']).toContain(readFileSync(path, 'utf8'));
      if (!disk.isCut()) break;
    }
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('removes its temporary file when the stream it writes from fails', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('the source broke');
    }
    await expect(writeAtomic(join(folder, 'file'), broken())).rejects.toThrow('the source broke');
    expect(readdirSync(folder)).toEqual([]);
  });
});
