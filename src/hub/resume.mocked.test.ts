import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openFile } from '../store/open-file.ts';
import { fileServer, serve } from '../testing/http-server.ts';
import { fetchResumably } from './resume.ts';

vi.mock('../store/open-file.ts', async (original) => {
  const real = await original<typeof import('../store/open-file.ts')>();
  return { ...real, openFile: vi.fn(real.openFile) };
});
const folder = mkdtempSync(join(tmpdir(), 'dramatis-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('fetchResumably', () => {
  it('cut before the first byte of another content never takes the old bytes for a part of it', async () => {
    const old = Buffer.alloc(4000, 'o');
    const next = Buffer.alloc(10_000, 'n');
    const part = join(folder, 'file.part');
    const { url } = await serve(fileServer(next, { etag: () => '"two"' }));
    writeFileSync(part, old);
    writeFileSync(`${part}.json`, JSON.stringify({ url, validator: '"one"' }));
    // It ends where it would have opened the file to write the new content.
    vi.mocked(openFile).mockRejectedValueOnce(Object.assign(new Error('cut'), { code: 'EIO' }));
    await expect(fetchResumably(url, part)).rejects.toThrow('EIO');
    await fetchResumably(url, part);
    expect(readFileSync(part).equals(next)).toBe(true);
  });
});
