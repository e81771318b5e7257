import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Low } from 'lowdb';
import { beforeEach, describe, expect, it } from 'vitest';
import { dyingDisk, faultyDisk } from '../testing/disks.ts';
import { type Checked, DurableJson } from './durable-json.ts';

interface State {
  names: string[];
}
const format = 'dramatis-test';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-json-')), 'state.json');
});
const check = (data: unknown): Checked<State> =>
  typeof data === 'object' && data !== null && 'names' in data && Array.isArray(data.names)
    ? { data: data as State }
    : { fault: 'it has no names' };
const open = (): DurableJson<State> => new DurableJson<State>(path, { format, version: 1, check });

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
        const isWhole = bytes.toString().trimEnd() === good.toString().trimEnd();
        if (isWhole) expect(state).toEqual({ names: ['new', 'née'] });
        else expect(state, `byte ${at}`).toEqual({ names: ['old'] });
        expect(json.damage?.path, `byte ${at}`).toBe(isWhole ? undefined : path);
        expect(json.damage?.instead).toBe(isWhole ? undefined : 'previous');
      }
    }
  });

  it('begins anew when both copies are damaged, and says so', async () => {
    await open().write({ names: ['old'] });
    await open().write({ names: ['new'] });
    writeFileSync(path, '\0\0\0\0');
    writeFileSync(`${path}.prev`, '{}');
    const json = open();
    expect(await json.read()).toBeNull();
    expect(json.damage).toEqual({ path, fault: 'it is not JSON', instead: 'nothing' });
  });

  it('treats data of another shape as damaged', async () => {
    await open().write({ names: ['old'] });
    const other = { format, version: 1, check: (data: unknown) => ({ data: data as number }) };
    await new DurableJson<number>(path, other).write(3);
    const json = open();
    expect(await json.read()).toEqual({ names: ['old'] });
    expect(json.damage?.fault).toBe('it has no names');
  });

  it('keeps a damaged file beside the one that replaces it', async () => {
    await open().write({ names: ['old'] });
    writeFileSync(path, 'scribble');
    await open().write({ names: ['new'] });
    const kept = readdirSync(dirname(path)).filter((name) => name.includes('.damaged-'));
    expect(kept).toHaveLength(1);
    expect(readFileSync(join(dirname(path), kept[0]!), 'utf8')).toBe('scribble');
    expect(await open().read()).toEqual({ names: ['new'] });
  });

  it('reads nothing where the file was deleted', async () => {
    await open().write({ names: ['old'] });
    await open().write({ names: ['new'] });
    rmSync(path);
    expect(await open().read()).toBeNull();
  });

  it('never replaces the good .prev by a damaged file', async () => {
    await open().write({ names: ['old'] });
    await open().write({ names: ['new'] });
    writeFileSync(path, 'scribble');
    await open().write({ names: ['newer'] });
    writeFileSync(path, 'scribble');
    expect(await open().read()).toEqual({ names: ['old'] });
  });

  it('refuses a newer version for reading and for writing', async () => {
    await new DurableJson<State>(path, { format, version: 2, check }).write({ names: ['future'] });
    const before = readFileSync(path, 'utf8');
    await expect(open().read()).rejects.toThrow(/newer Dramatis: version 2, known up to 1/);
    await expect(open().write({ names: [] })).rejects.toThrow(/newer/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('brings data of an older version to the shape of today', async () => {
    const old = { format, version: 1, check: (data: unknown) => ({ data: String(data) }) };
    await new DurableJson<string>(path, old).write('ROSALIND');
    const now = (data: unknown, version: number): Checked<State> => ({
      data: { names: [`${data} ${version}`] },
    });
    const json = new DurableJson<State>(path, { format, version: 2, check: now });
    expect(await json.read()).toEqual({ names: ['ROSALIND 1'] });
  });

  it('keeps a whole state when any call of the disk fails or power is cut at it', async () => {
    for (const disk of [(n: number) => faultyDisk(n, 'ENOSPC'), dyingDisk]) {
      for (let at = 0; at < 16; at++) {
        rmSync(path, { force: true });
        rmSync(`${path}.prev`, { force: true });
        await open().write({ names: ['old'] });
        const json = new DurableJson<State>(path, { format, version: 1, check, disk: disk(at) });
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
