import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dyingDisk, faultyDisk } from '../testing/disks.ts';
import { Journal } from './journal.ts';

interface Turn {
  readonly n: number;
  readonly text: string;
}
const turn = (n: number): Turn => ({ n, text: `line ${n}: “O, that\n\0this…” 🎭` });

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-journal-'));
  path = join(folder, 'deep/journal.jsonl');
});

async function filled(count: number): Promise<Buffer> {
  const journal = new Journal<Turn>(path);
  for (let n = 0; n < count; n++) await journal.append(turn(n));
  return readFileSync(path);
}

describe('Journal', () => {
  it('gives back what was appended, in order, to anyone who reads the file', async () => {
    const journal = new Journal<Turn>(path);
    await Promise.all([0, 1, 2, 3].map((n) => journal.append(turn(n))));
    expect(await journal.read()).toEqual({ records: [0, 1, 2, 3].map(turn), faults: [] });
    expect(await new Journal(path).read()).toEqual(await journal.read());
  });

  it('is JSON lines that other programs read', async () => {
    const lines = (await filled(3)).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).record)).toEqual([0, 1, 2].map(turn));
  });

  it('that does not exist is empty', async () => {
    expect(await new Journal(path).read()).toEqual({ records: [], faults: [] });
  });

  it('cut at any byte keeps every whole line, warns of a torn one, and goes on', async () => {
    const bytes = await filled(4);
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      const journal = new Journal<Turn>(path);
      const before = await journal.read();
      // A line that lacks only its newline is whole.
      const whole = [...`${bytes.subarray(0, length)}\n`.matchAll(/\}\}\n/g)].length;
      expect(before.records).toEqual([0, 1, 2, 3].slice(0, whole).map(turn));
      const isTorn = length > 0 && ![0x0a, 0x7d].includes(bytes[length - 1]!);
      if (isTorn) expect(before.faults).toEqual([{ line: whole + 1, kind: 'torn' }]);

      await journal.append(turn(99));
      const after = await journal.read();
      expect(after).toEqual({ records: [...before.records, turn(99)], faults: [] });
    }
  });

  it('names every line with a flipped byte and keeps all the others', async () => {
    const bytes = await filled(10);
    for (let percent = 0; percent < 100; percent++) {
      const at = Math.floor((bytes.length * percent) / 100);
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (percent % 8);
      writeFileSync(path, damaged);
      const { records, faults } = await new Journal<Turn>(path).read();
      const isLastNewline = at === bytes.length - 1;
      expect(faults.length, `byte ${at}`).toBeGreaterThan(isLastNewline ? -1 : 0);
      expect(records.length).toBeGreaterThanOrEqual(8);
      for (const record of records) expect(record).toEqual(turn(record.n));
    }
  });

  it('says which line is damaged', async () => {
    const lines = (await filled(3)).toString().split('\n');
    writeFileSync(path, [lines[0], lines[1]!.replace('that', 'this'), lines[2], ''].join('\n'));
    const { records, faults } = await new Journal<Turn>(path).read();
    expect(records).toEqual([turn(0), turn(2)]);
    expect(faults).toEqual([{ line: 2, kind: 'damaged' }]);
  });

  it('holds what it held before when any call of the disk fails', async () => {
    await filled(1);
    for (let failAt = 0; ; failAt++) {
      const disk = faultyDisk(failAt, 'ENOSPC');
      const journal = new Journal<Turn>(path, { disk });
      const failure = await journal.append(turn(1)).catch((error) => error);
      if (disk.calls.length <= failAt) break;
      expect(failure).toMatchObject({ code: 'STORE_UNWRITABLE' });
      expect((await new Journal(path).read()).records).toEqual([turn(0)]);
    }
    expect((await new Journal(path).read()).records).toEqual([turn(0), turn(1)]);
  });

  it('loses no acknowledged record to a power cut at any call', async () => {
    for (let cutAt = 0; cutAt < 24; cutAt++) {
      rmSync(path, { force: true });
      const disk = dyingDisk(cutAt);
      const journal = new Journal<Turn>(path, { disk });
      let acknowledged = 0;
      try {
        for (let n = 0; n < 10; n++) {
          await journal.append(turn(n));
          acknowledged++;
        }
      } catch {}
      const { records } = await new Journal<Turn>(path).read();
      expect(records.slice(0, acknowledged)).toEqual([...Array(acknowledged).keys()].map(turn));
      expect(records.length).toBeLessThanOrEqual(acknowledged + 1);
    }
  });

  it('refuses what is not a JSON value', async () => {
    const journal = new Journal(path);
    expect(() => journal.append(undefined)).toThrow(TypeError);
  });

  it('skips a line another program scribbled and names it', async () => {
    await filled(2);
    appendFileSync(path, 'hello\n');
    const { faults } = await new Journal(path).read();
    expect(faults).toEqual([{ line: 3, kind: 'damaged' }]);
  });
});
