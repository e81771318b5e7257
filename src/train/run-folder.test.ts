import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFolder } from './run-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-runs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const config = { play: 'lantern', recipe: { decay: 0, evalsPerEpoch: 2, patience: 3 } };

describe('An unfinished run', () => {
  it('is found by its config until it has ended, and by no other', async () => {
    const run = await RunFolder.create(folder, 'lantern', config, {});
    expect(await RunFolder.unfinished(folder, config)).toBeUndefined();
    await mkdir(run.checkpoints);
    const other = { ...config, play: 'mill' };
    expect(await RunFolder.unfinished(folder, other)).toBeUndefined();
    expect((await RunFolder.unfinished(folder, config))?.path).toBe(run.path);
    await run.end({ id: '3f9a' });
    expect(await RunFolder.unfinished(folder, config)).toBeUndefined();
  });

  it('is found too where a former program wrote its config', async () => {
    const path = join(folder, 'run');
    await mkdir(join(path, 'checkpoints'), { recursive: true });
    const { evalsPerEpoch: looks, patience } = config.recipe;
    const former = { ...config, recipe: { decay: 0, looks, patience } };
    await writeFile(join(path, 'config.json'), `${JSON.stringify(former, null, 2)}\n`);
    expect((await RunFolder.unfinished(folder, config))?.path).toBe(path);
  });
});
