import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunFolder } from './run-folder.ts';
import { temporaryPath } from './temporary.ts';

interface Step {
  readonly step: number;
}
const config = { play: 'salt-road', recipe: { rank: 8, layers: null } };
const env = { node: 'v20' };

let parent = '';
beforeEach(() => {
  parent = join(mkdtempSync(join(tmpdir(), 'dramatis-runs-')), 'train');
});
const create = (label = 'salt-road-LADY MIRA', of = config) =>
  RunFolder.create<Step>(parent, label, of, env);
const unfinished = (of = config) => RunFolder.unfinished<Step>(parent, of);

describe('RunFolder', () => {
  it('keeps what a run depends on, where it ran, and what happened', async () => {
    const folder = await create();
    await folder.events.append({ step: 1 });
    await folder.write('samples.json', [1]);
    expect(readdirSync(folder.path).sort()).toEqual(
      ['config.json', 'env.json', 'events.jsonl', 'samples.json'].sort(),
    );
    expect(JSON.parse(readFileSync(join(folder.path, 'config.json'), 'utf8'))).toEqual(config);
    expect(folder.path).toMatch(/Z-salt-road-LADY-MIRA-[0-9a-f]{12}-[0-9a-f]{4}$/);
  });

  it('is found again until it is done, with its events', async () => {
    expect(await unfinished()).toBeUndefined();
    const folder = await create();
    await folder.events.append({ step: 1 });
    const again = await unfinished();
    expect(again?.path).toBe(folder.path);
    expect((await again!.events.read()).records).toEqual([{ step: 1 }]);
    await again!.finish({ id: 'abc' });
    expect(await unfinished()).toBeUndefined();
  });

  it('is there with its configuration or not at all, and the next one sweeps what killed ones left', async () => {
    const run = await create();
    const killed = temporaryPath(join(parent, 'x')).replace(`-${process.pid}-`, '-4194305-');
    mkdirSync(killed);
    const left = temporaryPath(join(run.path, 'x')).replace(`-${process.pid}-`, '-4194305-');
    writeFileSync(left, '');
    // Killed right after it was over.
    await run.finish({ id: 'abc' });
    mkdirSync(run.checkpoints);
    const given = await create('given', { ...config, play: 'the-mill' });
    mkdirSync(given.checkpoints);
    await RunFolder.abandon(parent, { ...config, play: 'the-mill' });
    expect(await RunFolder.under(parent)).toHaveLength(2);
    await create();
    expect(readdirSync(parent).every((name) => !name.startsWith('.'))).toBe(true);
    expect(readdirSync(run.path).sort()).toEqual(['config.json', 'done.json', 'env.json']);
    expect(readdirSync(given.path)).toContain('checkpoints');
  });

  it('leaves nothing where it cannot be made', async () => {
    const unwritable = { node: 20n }; // what JSON has no word for, in place of a disk that is full
    await expect(RunFolder.create<Step>(parent, 'x', config, unwritable)).rejects.toThrow(/BigInt/);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is not found by another configuration, nor under a former name without one', async () => {
    const folder = await create();
    expect(await unfinished({ ...config, play: 'the-mill' })).toBeUndefined();
    const former = join(parent, '2026-01-01T00-00-00-000Z-salt-road');
    renameSync(folder.path, former);
    expect((await unfinished())?.path).toBe(former);
    rmSync(join(former, 'config.json'));
    expect(await unfinished()).toBeUndefined();
  });

  it('goes on by its name where its configuration is damaged or lost, and says so', async () => {
    const folder = await create();
    await folder.events.append({ step: 1 });
    const path = join(folder.path, 'config.json');
    const whole = readFileSync(path, 'utf8');
    for (const damage of [
      () => writeFileSync(path, whole.replace('salt', 'sald')),
      () => rmSync(path),
    ]) {
      damage();
      const said: string[] = [];
      const again = await RunFolder.unfinished<Step>(parent, config, (text) => said.push(text));
      expect((await again?.events.read())?.records).toEqual([{ step: 1 }]);
      expect(said).toEqual([`${path} was damaged and is written anew: the run goes on`]);
      expect(readFileSync(path, 'utf8')).toBe(whole);
    }
  });

  it('is the newest of those that are not over', async () => {
    const first = await create();
    await new Promise((resolve) => setTimeout(resolve, 3));
    const second = await create();
    expect((await unfinished())?.path).toBe(second.path);
    await second.finish(null);
    expect((await unfinished())?.path).toBe(first.path);
  });

  it('is given up for a run that begins anew, and keeps what it held', async () => {
    const folders = [await create(), await create()];
    await folders[0]!.events.append({ step: 1 });
    await RunFolder.abandon(parent, config);
    expect(await unfinished()).toBeUndefined();
    expect((await folders[0]!.events.read()).records).toEqual([{ step: 1 }]);
  });

  it('of a training run of a former version is found, and known to be over', async () => {
    const path = join(parent, '2026-01-01T00-00-00-000Z-salt-road-MIRA-0a1b2c');
    mkdirSync(join(path, 'checkpoints'), { recursive: true });
    writeFileSync(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    expect((await unfinished())?.path).toBe(path);
    writeFileSync(join(path, 'version.json'), '{}');
    expect(await unfinished()).toBeUndefined();
  });
});
