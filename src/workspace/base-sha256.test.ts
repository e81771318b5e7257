import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Of } from '../hub/sha256.ts';
import { baseSha256 } from './base-sha256.ts';

vi.mock('../hub/sha256.ts', async (original) => {
  const { sha256Of } = await original<typeof import('../hub/sha256.ts')>();
  return { sha256Of: vi.fn(sha256Of) };
});

let folder: string;
let path: string;
const env = () => ({ env: { DRAMATIS_HOME: folder } });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-base-'));
  path = join(folder, 'model.gguf');
  writeFileSync(path, 'weights');
  vi.mocked(sha256Of).mockClear();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('baseSha256', () => {
  it('reads a file once, and again when its content has changed', async () => {
    const first = await baseSha256({ path }, env());
    expect(first).toBe(await sha256Of(path));
    vi.mocked(sha256Of).mockClear();
    expect(await baseSha256({ path }, env())).toBe(first);
    expect(sha256Of).not.toHaveBeenCalled();
    writeFileSync(path, 'WEIGHTS');
    utimesSync(path, 1, 1); // as long as before: the time of change tells
    expect(await baseSha256({ path }, env())).not.toBe(first);
  });

  it('reads it again when what was noted is damaged', async () => {
    const first = await baseSha256({ path }, env());
    const notes = join(folder, 'cache', 'sha256');
    for (const name of readdirSync(notes)) writeFileSync(join(notes, name), 'half');
    expect(await baseSha256({ path }, env())).toBe(first);
  });

  it('answers although nothing can be noted', async () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder would be');
    expect(await baseSha256({ path }, env())).toBe(await sha256Of(path));
  });

  it('names a file that is not there', async () => {
    const missing = { path: join(folder, 'none.gguf') };
    await expect(baseSha256(missing, env())).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
