import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emitFolders, startChild } from '../testing/children.ts';
import { Settings } from './settings.ts';

let code = '';
let folder = '';
beforeAll(async () => {
  code = emitFolders('store');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-settings-'));
});
afterAll(() => rmSync(code, { recursive: true }));

/** A child that records rates of files called `name`0, `name`1 … and says each that was acknowledged. */
const recorder = (name: string, count: number): string => `
  import { writeSync } from 'node:fs';
  import { recordRate } from './store/measured-rates.js';
  import { Settings } from './store/settings.js';
  const settings = await Settings.open(${JSON.stringify(folder)});
  const of = { what: 'training', bytes: 1, processor: 'a processor', kernels: 'f32 avx2' };
  for (let i = 0; i < ${count}; i++) {
    await recordRate(settings, { ...of, file: '${name}' + i }, i + 1);
    writeSync(1, '${name}' + i + '\\n');
  }`;

const names = async (): Promise<string[]> =>
  ((await Settings.open(folder)).get('rates') ?? []).map(({ file }) => file);

describe('settings', () => {
  it('lose no change of four processes', async () => {
    const children = ['a', 'b', 'c', 'd'].map((name) => startChild(code, recorder(name, 40)));
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(await names()).size).toBe(160);
    expect(existsSync(join(folder, 'settings.json.lock'))).toBe(false);
  });

  it('are whole, with every change that was acknowledged, after kill -9 at any instant', async () => {
    for (let i = 0; i < 20; i++) {
      rmSync(folder, { recursive: true, force: true });
      const child = startChild(code, recorder('x', 1000));
      let lines = 0;
      child.process.stdout!.on('data', (data: Buffer) => {
        lines += data.toString().split('\n').length - 1;
        if (lines > i) child.process.kill('SIGKILL');
      });
      const { stdout: said } = await child.ended;
      const settings = await Settings.open(folder);
      expect(settings.damage).toBeUndefined();
      const acknowledged = said.split('\n').slice(0, -1);
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(await names()).toEqual(expect.arrayContaining(acknowledged.slice(-150)));
    }
  });
});
