import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { beforeEach, describe, expect, it } from 'vitest';
import { DurableJson } from './durable-json.ts';
import { dyingDisk, faultyDisk } from './faulty-disk.test.support.ts';

interface State {
  names: string[];
}
const format = 'dramatis-test';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-json-')), 'state.json');
});
const open = (): DurableJson<State> => new DurableJson<State>(path, { format, version: 1 });

describe('DurableJson', () => {
  it('is a lowdb adapter', async () => {
    const db = new Low<State>(open(), { names: [] });
    await db.read();
    await db.update(({ names }) => names.push('ROSALIND'));
    expect(await open().read()).toEqual({ names: ['ROSALIND'] });
  });

  it('reads null when nothing was written', async () => {
    expect(await open().read()).toBeNull();
  });

  it('finds every flipped byte and every cut, and goes back to the state before', async () => {
    await open().write({ names: ['old'] });
    await open().write({ names: ['new', 'née'] });
    const good = readFileSync(path);
    for (let percent = 0; percent < 100; percent++) {
      const at = Math.floor((good.length * percent) / 100);
      const flipped = Buffer.from(good);
      flipped[at]! ^= 1 << (percent % 7);
      for (const bytes of [flipped, good.subarray(0, at)]) {
        writeFileSync(path, bytes);
        const json = open();
        const state = await json.read();
        if (json.warnings.length === 0) expect(state).toEqual({ names: ['new', 'née'] });
        else expect(state).toEqual({ names: ['old'] });
        const isWhole = bytes.toString().trimEnd() === good.toString().trimEnd();
        expect(json.warnings.length, `byte ${at}`).toBe(isWhole ? 0 : 1);
        expect(json.warnings.join()).toContain(isWhole ? '' : path);
      }
    }
  });

  it('says so when both copies are damaged', async () => {
    await open().write({ names: ['old'] });
    await open().write({ names: ['new'] });
    writeFileSync(path, '\0\0\0\0');
    writeFileSync(`${path}.prev`, '{}');
    await expect(open().read()).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: `${path} cannot be read: it is not JSON`,
    });
  });

  it('never replaces the good .prev by a damaged file', async () => {
    await open().write({ names: ['old'] });
    await open().write({ names: ['new'] });
    writeFileSync(path, 'scribble');
    await open().write({ names: ['newer'] });
    rmSync(path);
    expect(await open().read()).toEqual({ names: ['old'] });
  });

  it('refuses a newer version for reading and for writing', async () => {
    await new DurableJson<State>(path, { format, version: 2 }).write({ names: ['future'] });
    const before = readFileSync(path, 'utf8');
    await expect(open().read()).rejects.toThrow(/newer Dramatis: version 2, known up to 1/);
    await expect(open().write({ names: [] })).rejects.toThrow(/newer/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('migrates an older version when reading', async () => {
    await new DurableJson<string>(path, { format, version: 1 }).write('ROSALIND');
    const migrate = (data: unknown, version: number): State => ({ names: [`${data} ${version}`] });
    const json = new DurableJson<State>(path, { format, version: 2, migrate });
    expect(await json.read()).toEqual({ names: ['ROSALIND 1'] });
  });

  it('keeps a whole state when any call of the disk fails or power is cut at it', async () => {
    for (const disk of [(n: number) => faultyDisk(n, 'ENOSPC'), dyingDisk]) {
      for (let at = 0; at < 16; at++) {
        rmSync(path, { force: true });
        rmSync(`${path}.prev`, { force: true });
        await open().write({ names: ['old'] });
        const json = new DurableJson<State>(path, { format, version: 1, disk: disk(at) });
        const isWritten = await json.write({ names: ['new'] }).then(
          () => true,
          () => false,
        );
        const state = await open().read();
        expect([['old'], ['new']]).toContainEqual(state?.names);
        if (isWritten) expect(state).toEqual({ names: ['new'] });
      }
    }
  });
});
