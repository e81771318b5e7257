import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emitFolders, startChild } from '../testing/children.ts';
import { lanternOpening, spoken } from '../testing/stage-scene.ts';
import { Transcript } from './transcript.ts';

let path = '';
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dramatis-scene-'));
  ({ path } = await Transcript.begin(folder, lanternOpening));
});

describe('A transcript in processes that are killed or run beside one another', () => {
  let code = '';
  beforeAll(() => {
    code = emitFolders('store', 'stage');
  });
  afterAll(() => rmSync(code, { recursive: true }));

  /** A program that appends turns and prints the number of each that is acknowledged. */
  const program = (count: number, name = 'a'): string => `
    import { Transcript } from './stage/transcript.js';
    const transcript = new Transcript(${JSON.stringify(path)});
    const turn = ${JSON.stringify(spoken('x')[0])};
    for (let i = 0; i < ${count}; i++) {
      const { n } = await transcript.append({ ...turn, text: ${JSON.stringify(name)} + 'y'.repeat(i * 37 % 3000) });
      process.stdout.write(n + '\\n');
    }`;
  const lines = (stdout: string): number[] => stdout.trim().split('\n').map(Number);

  it('loses nothing acknowledged to kill -9 at 60 instants, and the scene goes on', async () => {
    let expected = 1;
    for (let round = 0; round < 60; round++) {
      const child = startChild(code, program(100_000));
      child.process.stdout?.once('data', () =>
        setTimeout(() => child.process.kill('SIGKILL'), (round * 7) % 90),
      );
      const acknowledged = lines((await child.ended).stdout);
      const { records } = await new Transcript(path).read();
      const numbers = records.map(({ n }) => n);
      expect(numbers).toEqual(numbers.map((_, i) => i + 1));
      expect(numbers.slice(expected)).toEqual(expect.arrayContaining(acknowledged));
      expect(records.length - expected).toBeLessThanOrEqual(acknowledged.length + 1);
      expected = records.length;
    }
    const { n } = await new Transcript(path).append(spoken('On.')[0]!);
    expect(n).toBe(expected + 1);
  });

  it('gives no number twice to two processes, and a third that watches sees all in order', async () => {
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { n } of new Transcript(path).follow(1)) if (seen.push(n) === 200) return;
    })();
    const children = ['a', 'b'].map((name) => startChild(code, program(100, name)));
    const ends = await Promise.all(children.map(({ ended }) => ended));
    for (const end of ends) expect(end).toMatchObject({ code: 0, stderr: '' });
    const all = Array.from({ length: 200 }, (_, i) => i + 2);
    expect(ends.flatMap(({ stdout }) => lines(stdout)).sort((a, b) => a - b)).toEqual(all);
    await watching;
    expect(seen).toEqual(all);
  });
});
