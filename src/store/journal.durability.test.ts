import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emitFolders, startChild } from '../testing/children.ts';
import { Journal } from './journal.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-journal-')), 'deep/journal.jsonl');
});

describe('Journal in processes that are killed', () => {
  let code = '';
  beforeAll(() => {
    code = emitFolders('store');
  });
  afterAll(() => rmSync(code, { recursive: true }));

  const script = (name: string, count: number): string => `
    import { Journal } from './store/journal.js';
    const journal = new Journal(${JSON.stringify(path)});
    for (let n = 0; n < ${count}; n++) {
      await journal.append({ name: ${JSON.stringify(name)}, n, pad: 'x'.repeat(n * 37 % 4000) });
      process.stdout.write('.');
    }`;

  it('keeps every acknowledged record after kill -9 at any instant', async () => {
    for (let round = 0; round < 12; round++) {
      rmSync(path, { force: true });
      const child = startChild(code, script('a', 100_000));
      child.process.stdout?.once('data', () =>
        setTimeout(() => child.process.kill('SIGKILL'), round * 7),
      );
      const { stdout } = await child.ended;
      const { records, faults } = await new Journal<{ n: number }>(path).read();
      expect(records.length).toBeGreaterThanOrEqual(stdout.length);
      expect(records.map(({ n }) => n)).toEqual([...records.keys()]);
      expect(faults.length).toBeLessThanOrEqual(1);

      const journal = new Journal<{ n: number }>(path); // the dead one's lock is in the way
      await journal.append({ n: records.length });
      expect((await journal.read()).faults).toEqual([]);
    }
  });

  it('takes 4 × 200 records from four processes at once', async () => {
    const children = ['a', 'b', 'c', 'd'].map((name) => startChild(code, script(name, 200)));
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const { records, faults } = await new Journal<{ name: string; n: number }>(path).read();
    expect(faults).toEqual([]);
    for (const name of ['a', 'b', 'c', 'd']) {
      const own = records.filter((record) => record.name === name).map(({ n }) => n);
      expect(own).toEqual([...Array(200).keys()]);
    }
  });
});
