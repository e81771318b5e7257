import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import { DramatisError } from '../errors.ts';
import { ParkedTimelines } from './parked-timelines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-left-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A session that writes the key of its adapters, and takes back only that. */
class FakeSession {
  adapterKey = 'none';
  length = 9;
  restored: string[] = [];
  isFull = false;

  async save(path: string): Promise<void> {
    if (this.isFull) throw new DramatisError('STORE_UNWRITABLE', 'the disk is full');
    writeFileSync(path, this.adapterKey);
  }

  async restore(path: string): Promise<boolean> {
    this.restored.push(path);
    return readdirSync(folder).some((name) => join(folder, name) === path);
  }
}
const fake = () => {
  const session = new FakeSession();
  return { session, real: session as unknown as Session };
};

describe('ParkedTimelines', () => {
  it('gives each set of adapters its own back, with the note', async () => {
    const { session, real } = fake();
    const left = new ParkedTimelines(folder);
    for (const key of ['none', 'a', 'b']) {
      session.adapterKey = key;
      await left.leave(real, `as ${key}`);
    }
    session.adapterKey = 'a';
    expect(await left.resume(real)).toBe('as a');
    session.adapterKey = 'c';
    expect(await left.resume(real)).toBeUndefined();
    expect(session.restored).toHaveLength(1);
  });

  it('keeps one file for a set of adapters, however often it is left, and none in the end', async () => {
    const { real } = fake();
    const left = new ParkedTimelines(folder);
    for (let i = 0; i < 3; i++) await left.leave(real, '');
    expect(readdirSync(folder)).toHaveLength(1);
    left[Symbol.dispose]();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does without what cannot be kept, or was deleted since', async () => {
    const { session, real } = fake();
    const left = new ParkedTimelines(folder);
    await left.leave(real, 'there');
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    expect(await left.resume(real)).toBeUndefined();
    session.isFull = true;
    await left.leave(real, 'full');
    expect(await left.resume(real)).toBeUndefined();
  });

  it('forgets what was left before when there is nothing to leave', async () => {
    const { session, real } = fake();
    const left = new ParkedTimelines(folder);
    await left.leave(real, 'old');
    session.length = 0;
    await left.leave(real, 'empty');
    expect(await left.resume(real)).toBeUndefined();
    left[Symbol.dispose]();
    expect(readdirSync(folder)).toEqual([]);
  });
});
