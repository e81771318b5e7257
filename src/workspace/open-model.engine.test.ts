import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { measureBriefly } from '../engine/bench/brief-speed.ts';
import type { Model } from '../engine/model.ts';
import { defaultModel, findEntry, models } from '../hub/catalogue.ts';
import { usableMemory } from '../hub/model-memory.ts';
import { folders } from '../store/folders.ts';
import { recordRate } from '../store/measured-rates.ts';
import { processorKind } from '../store/processor-kind.ts';
import { Settings } from '../store/settings.ts';
import { pretendHere } from '../testing/models/pretend-here.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { Dramatis } from './dramatis.ts';

const measure = await vi.importActual<typeof import('../engine/bench/brief-speed.ts')>(
  '../engine/bench/brief-speed.ts',
);
vi.mock('../engine/bench/brief-speed.ts', () => ({ measureBriefly: vi.fn() }));
vi.mock('../hub/model-memory.ts', async (original) => {
  const all = await original<typeof import('../hub/model-memory.ts')>();
  return { ...all, usableMemory: vi.fn(all.usableMemory) };
});

const large = findEntry(models(), 'qwen2.5-coder-1.5b')!;
const small = findEntry(models(), defaultModel)!;

let home: string;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dramatis-open-model-'));
  for (const entry of [large, small]) await pretendHere(home, entry, writeTinyModel);
  vi.stubEnv('DRAMATIS_MODEL', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(measureBriefly).mockReset();
  rmSync(home, { recursive: true });
});

const env = () => ({ DRAMATIS_HOME: home, HOME: home });
const open = () => Dramatis.open({ hub: { env: env(), offline: true }, compute: { gpu: 'off' } });

/** Speeds that a measurement gives, by the end of the model's path. */
const speeds = (of: Record<string, number>) =>
  vi.mocked(measureBriefly).mockImplementation(async ({ path }: Model) => {
    const file = Object.keys(of).find((name) => path.endsWith(name));
    return of[file!]!;
  });

describe('A model that nobody named', () => {
  it('is the best here, measured once', async () => {
    speeds({ [large.file]: 12 });
    using dramatis = await open();
    for (const _ of [1, 2]) {
      using opened = await dramatis.model();
      expect(opened.entry?.id).toBe(large.id);
    }
    expect(measureBriefly).toHaveBeenCalledTimes(1);
    const settings = await Settings.open(folders(env()).config);
    expect(settings.get('rates')).toMatchObject([
      { what: 'generation', file: large.file, tokensPerSecond: 12 },
    ]);
  });

  it('gives way to the next best when the trial finds it too slow', async () => {
    speeds({ [large.file]: 3 });
    const { file, bytes } = small;
    const of = { what: 'generation', processor: processorKind(), kernels: 'CPU' } as const;
    const settings = await Settings.open(folders(env()).config);
    await recordRate(settings, { ...of, file, bytes }, 90);
    using dramatis = await open();
    using opened = await dramatis.model();
    expect(opened.entry?.id).toBe(small.id);
    expect(dramatis.models.size).toBe(1);
  });

  it('is left alone where one is named', async () => {
    using dramatis = await open();
    using opened = await dramatis.model(large.id);
    expect(opened.entry?.id).toBe(large.id);
    expect(measureBriefly).not.toHaveBeenCalled();
  });
});

describe('A model larger than memory', () => {
  it('is refused before it is read', async () => {
    const path = join(home, 'huge.gguf');
    writeFileSync(path, 'no model at all');
    truncateSync(path, 2 ** 43); // sparse
    using dramatis = await open();
    await expect(dramatis.model(path)).rejects.toMatchObject({
      code: 'MEMORY_SHORT',
      message: expect.stringMatching(/needs about 8796\.4 GB of memory, and this machine has/),
      remedy: expect.stringMatching(/^Use one that fits: /),
    });
    expect(dramatis.models.size).toBe(0);
  });

  it('is refused before it is fetched', async () => {
    vi.mocked(usableMemory).mockReturnValue(2e9);
    using dramatis = await open();
    await expect(dramatis.model('qwen3-8b')).rejects.toMatchObject({ code: 'MEMORY_SHORT' });
    await expect(dramatis.model('qwen2.5-coder-0.5b')).rejects.toMatchObject({ code: 'OFFLINE' });
    vi.mocked(usableMemory).mockRestore();
  });
});

describe('measureBriefly', () => {
  it('finds a speed in a second or two', async () => {
    using dramatis = await open();
    using opened = await dramatis.model(small.id);
    const start = performance.now();
    expect(await measure.measureBriefly(opened.model)).toBeGreaterThan(1);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
