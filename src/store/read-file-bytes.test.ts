import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mostInputBytes, readAll, readFileBytes, refuseDevice } from './read-file-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-input-'));

describe('readFileBytes', () => {
  it('gives a file, and refuses what is none before it reads', async () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'words');
    expect(Buffer.from(await readFileBytes(path)).toString()).toBe('words');
    for (const [odd, why] of [
      ['/dev/zero', /device/],
      [folder, /folder/],
      [join(folder, 'none'), /no file/],
    ] as const)
      await expect(readFileBytes(odd)).rejects.toMatchObject({
        code: 'FILE_MISSING',
        message: expect.stringMatching(why),
      });
  });

  it('refuses one that is too long without reading it', async () => {
    const path = join(folder, 'long');
    writeFileSync(path, '');
    truncateSync(path, mostInputBytes + 1);
    await expect(readFileBytes(path)).rejects.toThrow(/more than 100 MB/);
  });
});

describe('refuseDevice', () => {
  it('refuses a device and a folder, and leaves to the reader what is not there', async () => {
    for (const odd of ['/dev/zero', folder])
      await expect(refuseDevice(odd)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await refuseDevice(join(folder, 'none'));
  });
});

describe('readAll', () => {
  it('ends with an input that has no end', async () => {
    const chunk = Buffer.alloc(10e6);
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield chunk;
    }
    await expect(readAll(endless(), 'standard input')).rejects.toThrow(
      'cannot read standard input: it has more than 100 MB',
    );
  });
});
