import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSha256, hash32, sha256, sha256Of } from './sha256.ts';

/** FIPS 180-2, appendix B. */
const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('sha256', () => {
  it('is that of the standard, however the data is cut', async () => {
    expect(sha256('abc')).toBe(ofAbc);
    expect(sha256('a', Buffer.from('b'), 'c')).toBe(ofAbc);
    expect(sha256Of(new Set(['ab', 'c']))).toBe(ofAbc);
    const path = join(mkdtempSync(join(tmpdir(), 'dramatis-sha256-')), 'abc');
    writeFileSync(path, 'abc');
    expect(await fileSha256(path)).toBe(ofAbc);
  });

  it('counts every byte of numbers wider than one', () => {
    const numbers = Int32Array.of(1, -2);
    expect(sha256(numbers)).toBe(sha256(Buffer.from(numbers.buffer)));
  });

  it('stops reading a file when the signal aborts', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'dramatis-sha256-')), 'large');
    writeFileSync(path, Buffer.alloc(3 << 20));
    await expect(fileSha256(path, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it('begins with the number that hash32 gives', () => {
    expect(hash32('abc')).toBe(Buffer.from(ofAbc, 'hex').readUInt32LE(0));
  });
});
