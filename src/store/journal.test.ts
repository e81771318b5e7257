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

describe('Journal.appendNext', () => {
  const next = (journal: Journal<Turn>) =>
    journal.appendNext(({ last, damaged }) => turn((last?.n ?? -1) + 1 + damaged));

  it('makes a record from the last one, whatever its length, whoever appended it', async () => {
    const journals = [new Journal<Turn>(path), new Journal<Turn>(path)];
    await Promise.all(Array.from({ length: 20 }, (_, i) => next(journals[i % 2]!)));
    await journals[0]!.append({ n: 20, text: 'x'.repeat(200_000) });
    expect((await next(journals[1]!)).n).toBe(21);
    const { records } = await journals[0]!.read();
    expect(records.map(({ n }) => n)).toEqual([...Array(22).keys()]);
  });

  it('counts damaged lines at the end, and not a torn one', async () => {
    const bytes = await filled(4);
    const third = bytes.indexOf('line 2');
    bytes[third] = 0x4c;
    bytes[bytes.indexOf('line 3')] = 0x4c;
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('{"crc32c":"00')]));
    const ends: object[] = [];
    await new Journal<Turn>(path).appendNext((end) => {
      ends.push(end);
      return turn(9);
    });
    expect(ends).toEqual([{ last: turn(1), damaged: 2 }]);
    bytes.fill(0x2e, 0, third);
    writeFileSync(path, bytes);
    await new Journal<Turn>(path).appendNext((end) => {
      ends.push(end);
      return turn(9);
    });
    expect(ends[1]).toEqual({ last: undefined, damaged: 2 });
  });
});

describe('Journal.follow', () => {
  const numbers = async (journal: Journal<Turn>, count: number): Promise<number[]> => {
    const seen: number[] = [];
    for await (const { n } of journal.follow()) if (seen.push(n) === count) break;
    return seen;
  };

  it('gives what is there and what is appended, to any number of readers', async () => {
    await filled(3);
    const readers = [0, 1, 2].map(() => numbers(new Journal<Turn>(path), 6));
    for (const n of [3, 4, 5]) await new Journal<Turn>(path).append(turn(n));
    for (const seen of await Promise.all(readers)) expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('leaves damaged lines out and waits for the end of one that is being written', async () => {
    const bytes = await filled(4);
    bytes[bytes.indexOf('line 1')] = 0x4c;
    writeFileSync(path, bytes.subarray(0, -1));
    const reading = numbers(new Journal<Turn>(path), 3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    appendFileSync(path, '\n');
    expect(await reading).toEqual([0, 2, 3]);
  });

  it('stops by its signal, with the reason, and when the file is cut back', async () => {
    await filled(2);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const { n } of new Journal<Turn>(path).follow(stop.signal))
        if (n === 1) stop.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    const cut = (async () => {
      for await (const { n } of new Journal<Turn>(path).follow()) if (n === 1) rmSync(path);
    })();
    await expect(cut).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });
});
