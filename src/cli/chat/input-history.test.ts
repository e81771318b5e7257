import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputHistory } from './input-history.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-history-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('InputHistory', () => {
  it('gives lines back the newest first, each on one line, to their owner alone', async () => {
    const path = join(folder, 'state', 'history');
    const history = new InputHistory(path);
    expect(await history.read()).toEqual([]);
    for (const line of ['Who is there?', '  two\nlines ', '   ']) await history.add(line);
    expect(await new InputHistory(path).read()).toEqual(['two lines', 'Who is there?']);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('keeps the last five hundred when the file has grown to twice that', async () => {
    const path = join(folder, 'history');
    const lines = Array.from({ length: 1001 }, (_, i) => `line ${i}`);
    await writeFile(path, `${lines.join('\n')}\n`);
    const kept = await new InputHistory(path).read();
    expect(kept).toEqual(lines.slice(-500).reverse());
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(501);
  });

  it('says where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    const history = new InputHistory(join(folder, 'file', 'history'));
    await expect(history.add('x')).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
  });
});
