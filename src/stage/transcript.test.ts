import { appendFileSync, chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conversation } from '../actor/conversation.ts';
import { readConversations } from '../actor/past-conversations.ts';
import { DramatisError } from '../errors.ts';
import { Journal } from '../store/journal.ts';
import { faultyDisk } from '../testing/disks.ts';
import { lanternOpening, spoken } from '../testing/stage-scene.ts';
import type { Recorded } from './events.ts';
import { prefixHash, Transcript } from './transcript.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-scene-'));
});
afterEach(() => rm(folder, { recursive: true }));

const texts = ['Who keeps the light?', 'I do.', 'Since when?'];
async function played(): Promise<Transcript> {
  const transcript = await Transcript.begin(folder, lanternOpening);
  for (const event of spoken(...texts)) await transcript.append(event);
  return transcript;
}

describe('Transcript', () => {
  it('gives back what happened, numbered from 1, under a name that says which scene it is', async () => {
    const transcript = await played();
    const { records, faults } = await new Transcript(transcript.path).read();
    expect(records.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(records[0]).toMatchObject({ format: 'dramatis.stage', version: 1, ...lanternOpening });
    expect(records.slice(1)).toMatchObject(spoken(...texts));
    expect(faults).toEqual([]);
    const [opened] = records;
    expect(basename(transcript.path)).toMatch(
      /^[\dT]+-[\w-]+Z-the-lantern-marta-old-hugo-[0-9a-f]{6}\.stage\.jsonl$/,
    );
    expect(transcript.path).toContain((opened as { id: string }).id);
  });

  it('is for the eyes of its owner alone, and no conversation', async () => {
    const inner = join(folder, 'conversations');
    const { path } = await Transcript.begin(inner, lanternOpening);
    const modes = [inner, path].map((one) => statSync(one).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
    chmodSync(path, 0o644);
    await new Transcript(path).append(spoken('Ahoy')[0]!);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readConversations(inner)).toEqual({ conversations: [], unreadable: [] });
  });

  it('opens with torn and damaged lines, and gives no number twice', async () => {
    const { path } = await played();
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('Since')] = 0x73;
    writeFileSync(path, bytes);
    appendFileSync(path, '{"crc32c":"0000');
    const transcript = new Transcript(path);
    const { records, faults } = await transcript.read();
    expect(records.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(faults).toEqual([
      { line: 4, kind: 'damaged' },
      { line: 5, kind: 'torn' },
    ]);
    expect((await transcript.append(spoken('Go on.')[0]!)).n).toBe(5);
    bytes[bytes.indexOf('dramatis.stage')] = 0x44;
    writeFileSync(path, bytes);
    expect((await transcript.read()).records.map(({ n }) => n)).toEqual([2, 3]);
  });

  it('loses nothing acknowledged to a cut at any of 200 bytes, and goes on with the next number', async () => {
    const transcript = await Transcript.begin(folder, lanternOpening);
    const ends = [readFileSync(transcript.path).length];
    for (const event of spoken(...texts)) {
      await transcript.append(event);
      ends.push(readFileSync(transcript.path).length);
    }
    const whole = readFileSync(transcript.path);
    const from = ends[0]!;
    for (let point = 0; point <= 200; point++) {
      const length = from + Math.round(((whole.length - from) * point) / 200);
      writeFileSync(transcript.path, whole.subarray(0, length));
      const acknowledged = ends.filter((end) => end <= length).length;
      const { records } = await transcript.read();
      expect(records.length).toBeGreaterThanOrEqual(acknowledged);
      expect((await transcript.append(spoken('On.')[0]!)).n).toBe(records.length + 1);
      expect((await transcript.read()).faults).toEqual([]);
    }
  });

  it('keeps events of kinds that it does not know', async () => {
    const { path } = await played();
    const later = { n: 5, time: '', kind: 'lightning', volts: 9 };
    await new Journal<object>(path).append(later);
    const transcript = new Transcript(path);
    expect((await transcript.append(spoken('Go on.')[0]!)).n).toBe(6);
    expect((await transcript.read()).records[4]).toEqual(later);
  });

  it('refuses what is no scene in one line, and what a newer Dramatis wrote with a remedy', async () => {
    const path = join(folder, 'other.stage.jsonl');
    const refusal = async (...records: readonly object[]): Promise<DramatisError> => {
      rmSync(path, { force: true });
      for (const record of records) await new Journal<object>(path).append(record);
      const error = await new Transcript(path).read().catch((thrown: unknown) => thrown);
      if (!(error instanceof DramatisError)) throw new Error('it is not refused');
      expect(error.message).not.toContain('\n');
      return error;
    };
    const open = { n: 1, time: '', kind: 'open' };
    expect(await refusal()).toMatchObject({ code: 'FILE_MISSING' });
    expect((await refusal({ question: 1 })).message).toContain('its first record is no event');
    expect((await refusal({ ...open, format: 'x', version: 1 })).message).toContain('is "x"');
    const newer = await refusal({ ...open, format: 'dramatis.stage', version: 2 });
    expect(newer.remedy).toContain('Update Dramatis');
    writeFileSync(path, 'HAMLET. To be');
    await expect(new Transcript(path).read()).rejects.toThrow('none of its lines');

    const start = { play: 'p', playHash: '', character: 'C', model: 'm', form: 'chat' };
    const talk = await Conversation.begin(folder, { ...start, steer: false, seed: 1, version: '' });
    await talk.say({ speaker: 'C', text: 'Ahoy' });
    const before = readFileSync(talk.path);
    const transcript = new Transcript(talk.path);
    await expect(transcript.read()).rejects.toThrow('a conversation of "dramatis chat"');
    await expect(transcript.append(spoken('Hm')[0]!)).rejects.toThrow('is not the transcript');
    await expect(transcript.follow().next()).rejects.toThrow('is not the transcript');
    expect(readFileSync(talk.path)).toEqual(before);
  });

  it('holds what it held when the disk is full at any call, and goes on when there is room', async () => {
    const { path } = await played();
    for (let failAt = 0; ; failAt++) {
      const before = (await new Transcript(path).read()).records;
      const disk = faultyDisk(failAt, 'ENOSPC');
      const appending = new Transcript(path, { disk }).append(spoken('Lost')[0]!);
      const failure = await appending.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (disk.calls.length <= failAt) break;
      expect(failure).toMatchObject({ code: 'STORE_UNWRITABLE' });
      expect((await new Transcript(path).read()).records).toEqual(before);
      expect((await new Transcript(path).append(spoken('Kept')[0]!)).n).toBe(before.length + 1);
    }
    const { records, faults } = await new Transcript(path).read();
    expect(records.length).toBeGreaterThan(6);
    expect(records.map(({ n }) => n)).toEqual(records.map((_, i) => i + 1));
    expect(faults).toEqual([]);
  });
});

describe('Transcript.follow', () => {
  const numbers = async (path: string, after: number, until: number): Promise<number[]> => {
    const seen: number[] = [];
    for await (const { n } of new Transcript(path).follow(after)) {
      seen.push(n);
      if (n === until) break;
    }
    return seen;
  };

  it('gives what comes after a number, to any number of watchers at any pace', async () => {
    const transcript = await played();
    const slow = transcript.follow(0);
    expect((await slow.next()).value).toMatchObject({ n: 1, kind: 'open' });
    const watchers = [0, 2, 4, 4, 6].map((after) => numbers(transcript.path, after, 7));
    for (const event of spoken('One', 'Two', 'Three')) await transcript.append(event);
    const all = [1, 2, 3, 4, 5, 6, 7];
    for (const [i, seen] of (await Promise.all(watchers)).entries())
      expect(seen).toEqual(all.slice([0, 2, 4, 4, 6][i]!));
    for (const n of all.slice(1)) expect((await slow.next()).value).toMatchObject({ n });
    await slow.return(undefined);
  });

  it('stops with the reason of its signal', async () => {
    const { path } = await played();
    const watch = new Transcript(path).follow(4, AbortSignal.abort(new Error('enough')));
    await expect(watch.next()).rejects.toThrow('enough');
  });
});

describe('Transcript.fork', () => {
  it('begins with what happened up to an event, names its parent, and leaves that alone', async () => {
    const parent = await played();
    const before = readFileSync(parent.path);
    const fork = await parent.fork(folder, 3, { seed: 8 });
    const { records } = await parent.read();
    const copied = (await fork.read()).records;
    expect(copied.slice(1)).toEqual(records.slice(1, 3));
    const [open] = records as [Recorded & { readonly kind: 'open' }];
    const named = { id: open.id, n: 3, hash: prefixHash(records, 3) };
    expect(copied[0]).toMatchObject({ ...lanternOpening, kind: 'open', seed: 8, parent: named });
    expect((copied[0] as typeof open).id).not.toBe(open.id);
    expect(fork.path).not.toBe(parent.path);
    expect(statSync(fork.path).mode & 0o777).toBe(0o600);
    expect((await fork.append(spoken('Otherwise.')[0]!)).n).toBe(4);
    expect(readFileSync(parent.path)).toEqual(before);
    const again = await fork.fork(folder, 4);
    expect((await again.read()).records[0]).toMatchObject({ seed: 8, parent: { n: 4 } });
  });

  it('is refused where there is no such event, or no opening', async () => {
    const { path } = await played();
    for (const n of [0, 5, 1.5, Number.NaN])
      await expect(new Transcript(path).fork(folder, n)).rejects.toMatchObject({ code: 'USAGE' });
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('dramatis.stage')] = 0x44;
    writeFileSync(path, bytes);
    await expect(new Transcript(path).fork(folder, 3)).rejects.toThrow('its opening is damaged');
  });
});
