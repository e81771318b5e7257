import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, realDisk } from '../store/disk.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const some = (step: number) => ({
  step,
  evalsSinceBest: 1,
  best: { step: step - 1, nll: 3.5 },
  state: Float32Array.of(step, 0.1, -2),
  bestState: Float32Array.of(step - 1, 0.3, 4),
});

describe('A checkpoint', () => {
  it('comes back as it was', async () => {
    await writeCheckpoint(folder, some(7));
    const { checkpoint, warnings } = await readCheckpoint(folder);
    expect(checkpoint).toEqual(some(7));
    expect(warnings).toEqual([]);
  });

  it('is read as programs wrote it that counted evaluations as "worse"', async () => {
    await writeCheckpoint(folder, some(7));
    const path = join(folder, 'step-0000007', 'manifest.json');
    const [text = ''] = (await readFile(path, 'utf8')).split('\n');
    const { evalsSinceBest: worse, ...rest } = JSON.parse(text);
    const old = JSON.stringify({ ...rest, version: 1, worse });
    const hash = createHash('sha256').update(old).digest('hex');
    await writeFile(path, `${old}\n${hash}\n`);
    expect((await readCheckpoint(folder)).checkpoint).toEqual(some(7));
    const next = JSON.stringify({ ...rest, version: 3 });
    await writeFile(path, `${next}\n${createHash('sha256').update(next).digest('hex')}\n`);
    expect((await readCheckpoint(folder)).warnings[0]).toContain('of version 3');
  });

  it('is kept with the one before, and no other', async () => {
    for (const step of [1, 2, 10, 11]) await writeCheckpoint(folder, some(step));
    expect((await readdir(folder)).sort()).toEqual(['step-0000010', 'step-0000011']);
  });

  it('is at no time taken away for another of the same step, unless it is damaged', async () => {
    await writeCheckpoint(folder, some(3));
    const path = join(folder, 'step-0000003');
    const { ino } = await stat(path);
    await writeCheckpoint(folder, some(3));
    expect((await stat(path)).ino).toBe(ino);
    await writeFile(join(path, 'state.f32'), 'rotten');
    await writeCheckpoint(folder, some(3));
    expect((await readCheckpoint(folder)).checkpoint).toEqual(some(3));
  });

  it('is not there for a folder that is not', async () => {
    expect((await readCheckpoint(join(folder, 'none'))).checkpoint).toBeUndefined();
  });

  it('is passed over if a byte of it is wrong, wherever, for the one before', async () => {
    await writeCheckpoint(folder, some(1));
    await writeCheckpoint(folder, some(2));
    for (const file of ['state.f32', 'best.f32', 'manifest.json']) {
      const path = join(folder, 'step-0000002', file);
      const whole = await readFile(path);
      for (let at = 0; at < whole.length; at += file === 'manifest.json' ? 17 : 1) {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= 0x10;
        await writeFile(path, flipped);
        const { checkpoint, warnings } = await readCheckpoint(folder);
        expect(checkpoint, `${file}, byte ${at}`).toEqual(some(1));
        expect(warnings[0]).toContain('step-0000002');
      }
      await writeFile(path, whole);
    }
    expect((await readCheckpoint(folder)).checkpoint).toEqual(some(2));
  });

  it('that is damaged does not count among the two that are kept', async () => {
    await writeCheckpoint(folder, some(1));
    await writeCheckpoint(folder, some(2));
    await writeFile(join(folder, 'step-0000002', 'state.f32'), 'rotten');
    await writeCheckpoint(folder, some(3));
    await rm(join(folder, 'step-0000003'), { recursive: true });
    expect((await readCheckpoint(folder)).checkpoint).toEqual(some(1));
    for (const step of [4, 5]) await writeCheckpoint(folder, some(step));
    expect((await readdir(folder)).sort()).toEqual(['step-0000004', 'step-0000005']);
  });

  it('is for its owner alone', async () => {
    await writeCheckpoint(folder, some(1));
    const { mode } = await stat(join(folder, 'step-0000001', 'state.f32'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('that cannot be written leaves the one before, and nothing of itself', async () => {
    await writeCheckpoint(folder, some(1));
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const disk: Disk = {
      ...realDisk,
      open: async (path, flags, mode) => {
        if (path.includes('best.f32')) throw full;
        return realDisk.open(path, flags, mode);
      },
    };
    await expect(writeCheckpoint(folder, some(2), disk)).rejects.toThrow(
      /cannot write .*: the disk is full \(ENOSPC\)/,
    );
    expect(await readdir(folder)).toEqual(['step-0000001']);
  });

  it('is not seen while it is being written', async () => {
    await writeCheckpoint(folder, some(1));
    await mkdir(join(folder, '.step-0000002.1234.tmp'));
    await writeFile(join(folder, '.step-0000002.1234.tmp', 'state.f32'), 'half');
    expect((await readCheckpoint(folder)).checkpoint).toEqual(some(1));
  });
});
