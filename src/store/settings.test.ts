import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dyingDisk, faultyDisk } from '../testing/disks.ts';
import { DurableJson } from './durable-json.ts';
import { measuredRate, recordRate } from './measured-rates.ts';
import { type RateOf, Settings, type SettingsData, settingsFile } from './settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-settings-'));
});
const path = (): string => join(folder, settingsFile);
const set = async (model: string): Promise<void> => {
  const settings = await Settings.open(folder);
  await settings.update((data) => {
    data.model = model;
  });
};
/** Writes data of any shape under a right checksum. */
const write = (data: unknown): Promise<void> =>
  new DurableJson<unknown>(path(), {
    format: 'dramatis-settings',
    version: 1,
    check: (found) => ({ data: found }),
  }).write(data);

const rate: RateOf = {
  what: 'training',
  file: 'tiny.gguf',
  bytes: 1000,
  processor: 'a processor',
  kernels: 'f32 avx2, 2 threads',
};

describe('Settings', () => {
  it('are empty at first, and what was set is there for the next process', async () => {
    const settings = await Settings.open(folder);
    expect(settings.get('model')).toBeUndefined();
    expect(settings.damage).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]); // reading writes nothing
    await settings.update((data) => {
      data.model = 'gemma3-270m';
    });
    expect(settings.get('model')).toBe('gemma3-270m');
    expect((await Settings.open(folder)).get('model')).toBe('gemma3-270m');
  });

  it('keep keys that this version does not know', async () => {
    await write({ model: 'a', theme: { ink: 'red' }, trainer: { cpu: { tiles: 4 } } });
    await set('b');
    const { data } = JSON.parse(readFileSync(path(), 'utf8'));
    expect(data).toEqual({ model: 'b', theme: { ink: 'red' }, trainer: { cpu: { tiles: 4 } } });
  });

  it.each<[string, unknown]>([
    ['it holds no object', 7],
    ['"model" is 3, where a text is wanted', { model: 3 }],
    ['"rates" is not a list of measured rates', { rates: [{ ...rate, tokensPerSecond: '9' }] }],
    [
      '"trainer" does not give kernels by kind of processor',
      { trainer: { cpu: { chosen: 'avx2' } } },
    ],
  ])('say that %s, and count as they were before', async (fault, data) => {
    await set('before');
    await write(data);
    const settings = await Settings.open(folder);
    expect(settings.damage).toEqual({ path: path(), fault, instead: 'previous' });
    expect(settings.get('model')).toBe('before');
  });

  it('survive any flipped byte: it is found, the state before counts, and nothing is lost', async () => {
    await set('before');
    await set('after');
    const good = readFileSync(path());
    for (let at = 0; at < good.length - 1; at++) {
      const bytes = Buffer.from(good);
      bytes[at]! ^= 1 << (at % 7);
      writeFileSync(path(), bytes);
      const settings = await Settings.open(folder);
      expect(settings.get('model'), `byte ${at}`).toBe('before');
      expect(settings.damage?.instead, `byte ${at}`).toBe('previous');
    }
    await set('later');
    const kept = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    expect(kept).toHaveLength(1);
    const settings = await Settings.open(folder);
    expect([settings.get('model'), settings.damage]).toEqual(['later', undefined]);
  });

  it('are refused, and not overwritten, when a newer Dramatis wrote them', async () => {
    const newer = {
      format: 'dramatis-settings',
      version: 2,
      check: (data: unknown) => ({ data: data as SettingsData }),
    };
    await new DurableJson<SettingsData>(path(), newer).write({ model: 'future' });
    await expect(Settings.open(folder)).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      remedy: expect.stringContaining('Update Dramatis'),
    });
  });

  it('are whole, old or new, when any call of the disk fails or power is cut at it', async () => {
    for (const disk of [(n: number) => faultyDisk(n, 'ENOSPC'), dyingDisk]) {
      for (let at = 0; at < 16; at++) {
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
        await set('old');
        const settings = await Settings.open(folder, disk(at));
        const change = (data: SettingsData): void => {
          data.model = 'new';
        };
        const isWritten = await settings.update(change).then(
          () => true,
          () => false,
        );
        const after = await Settings.open(folder);
        expect(after.damage).toBeUndefined();
        expect(isWritten ? ['new'] : ['old', 'new']).toContain(after.get('model'));
      }
    }
  });
});

describe('recordRate', () => {
  it('replaces the rate of the same model, processor and kernels, and no other', async () => {
    const settings = await Settings.open(folder);
    await recordRate(settings, rate, 100);
    await recordRate(settings, { ...rate, what: 'generation' }, 50);
    await recordRate(settings, { ...rate, kernels: 'bf16 avx512bf16, 2 threads' }, 300);
    await recordRate(settings, rate, 120);
    const again = await Settings.open(folder);
    expect(measuredRate(again, rate)?.tokensPerSecond).toBe(120);
    expect(measuredRate(again, { ...rate, what: 'generation' })?.tokensPerSecond).toBe(50);
    expect(measuredRate(again, { ...rate, bytes: 1001 })).toBeUndefined();
    expect(again.get('rates')).toHaveLength(3);
  });

  it('keeps the newest 200', async () => {
    await write({
      rates: Array.from({ length: 200 }, (_, i) => ({
        ...rate,
        file: `m${i}`,
        tokensPerSecond: 1,
        date: '2026-01-01T00:00:00.000Z',
      })),
    });
    const settings = await Settings.open(folder);
    await recordRate(settings, rate, 10);
    expect(settings.get('rates')).toHaveLength(200);
    expect(measuredRate(settings, rate)?.tokensPerSecond).toBe(10);
    expect(measuredRate(settings, { ...rate, file: 'm199' })).toBeUndefined();
  });

  it('refuses what is no rate', async () => {
    const settings = await Settings.open(folder);
    expect(() => recordRate(settings, rate, 0)).toThrow('a rate is 0 tokens per second');
  });
});
