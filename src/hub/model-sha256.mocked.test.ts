import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileSha256 } from '../store/sha256.ts';
import { modelSha256 } from './model-sha256.ts';

vi.mock('../store/sha256.ts', async (original) => {
  const all = await original<typeof import('../store/sha256.ts')>();
  return { ...all, fileSha256: vi.fn(all.fileSha256) };
});

let folder: string;
let path: string;
const env = () => ({ env: { DRAMATIS_HOME: folder } });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-base-'));
  path = join(folder, 'model.gguf');
  writeFileSync(path, 'weights');
  vi.mocked(fileSha256).mockClear();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('modelSha256', () => {
  it('reads a file once, and again when its content has changed', async () => {
    const first = await modelSha256({ path }, env());
    expect(first).toBe(await fileSha256(path));
    vi.mocked(fileSha256).mockClear();
    expect(await modelSha256({ path }, env())).toBe(first);
    expect(fileSha256).not.toHaveBeenCalled();
    writeFileSync(path, 'WEIGHTS');
    utimesSync(path, 1, 1); // as long as before: the time of change tells
    expect(await modelSha256({ path }, env())).not.toBe(first);
  });

  it('reads it again when what was noted is damaged', async () => {
    const first = await modelSha256({ path }, env());
    const notes = join(folder, 'cache', 'sha256');
    for (const name of readdirSync(notes)) writeFileSync(join(notes, name), 'half');
    expect(await modelSha256({ path }, env())).toBe(first);
  });

  it('answers although nothing can be noted', async () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder would be');
    expect(await modelSha256({ path }, env())).toBe(await fileSha256(path));
  });

  it('names a file that is not there', async () => {
    const missing = { path: join(folder, 'none.gguf') };
    await expect(modelSha256(missing, env())).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  it('hashes all parts of a model that comes in several', async () => {
    const parts = [1, 2].map((n) => join(folder, `m-0000${n}-of-00002.gguf`));
    for (const part of parts) writeFileSync(part, 'weights');
    const first = await modelSha256({ path: parts[0]! }, env());
    writeFileSync(parts[1]!, 'others, and more');
    expect(await modelSha256({ path: parts[0]! }, env())).not.toBe(first);
    rmSync(parts[1]!);
    await expect(modelSha256({ path: parts[0]! }, env())).rejects.toMatchObject({
      code: 'FILE_MISSING',
      message: `cannot read ${parts[1]}`,
    });
  });
});
