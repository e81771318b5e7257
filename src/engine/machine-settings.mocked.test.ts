import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { processorKind } from '../store/processor-kind.ts';
import { Settings } from '../store/settings.ts';
import { wantKernels } from '../store/trainer-kernels.ts';
import type { SpeedRow } from './bench/speed.ts';
import {
  knownTrainingRate,
  recordGeneration,
  recordSpeed,
  recordTraining,
  trainerOptionsFrom,
} from './machine-settings.ts';
import type { ModelInfo } from './native.ts';

vi.mock('./compute.ts', () => ({
  compute: () => ({ devices: () => [{ kind: 'cpu', backend: 'CPU' }] }),
  gpuLayers: () => 0,
}));

const model = { path: '/models/tiny.gguf', info: { bytes: 1000 } as ModelInfo };
const trainer = {
  info: { architecture: 'llama', precision: 'bf16', kernels: 'avx512bf16', matrices: [] },
} as const;
const row = { backends: 'CPU', n_threads: 2, n_gpu_layers: 0, n_prompt: 0, avg_ts: 70 } as SpeedRow;

let folder = '';
let settings: Settings;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-machine-'));
  settings = await Settings.open(folder);
});

describe('what training finds out', () => {
  it('is its rate, for the same model, kernels and threads', async () => {
    expect(knownTrainingRate(settings, model, trainer, { threads: 2 })).toBeUndefined();
    await recordTraining(settings, model, trainer, 512, { threads: 2 });
    const again = await Settings.open(folder);
    expect(knownTrainingRate(again, model, trainer, { threads: 2 })).toBe(512);
    expect(knownTrainingRate(again, model, trainer, { threads: 1 })).toBeUndefined();
    expect(knownTrainingRate(again, model, trainer, { device: 'CUDA0' })).toBeUndefined();
    const other = { info: { ...trainer.info, kernels: 'avx2' } };
    expect(knownTrainingRate(again, model, other, { threads: 2 })).toBeUndefined();
  });

  it('is which kernels the engine chose, unless some were wanted or a device computed', async () => {
    const chosen = () => settings.get('trainer')?.[processorKind()]?.chosen;
    await recordTraining(settings, model, trainer, 512, { device: 'CUDA0' });
    expect(chosen()).toBeUndefined();
    await recordTraining(settings, model, trainer, 512);
    expect(chosen()).toEqual({ kernels: 'avx512bf16', precision: 'bf16' });
    await wantKernels(settings, processorKind(), 'avx2');
    expect(trainerOptionsFrom(settings)).toEqual({ kernels: 'avx2' });
    const plain = { info: { ...trainer.info, kernels: 'avx2' } };
    await recordTraining(settings, model, plain, 200);
    expect(chosen()).toEqual({ kernels: 'avx512bf16', precision: 'bf16' });
    await wantKernels(settings, processorKind(), undefined);
    expect(trainerOptionsFrom(settings)).toEqual({});
  });

  it('is not worth failing for where settings cannot be written', async () => {
    mkdirSync(join(folder, 'settings.json'));
    writeFileSync(join(folder, 'settings.json', 'full'), '');
    await expect(recordTraining(settings, model, trainer, 512)).resolves.toBeUndefined();
  });
});

describe('what a trial or a conversation finds out', () => {
  const known = () => settings.get('rates')?.map(({ tokensPerSecond }) => tokensPerSecond);
  const found = (rate: number) => recordGeneration(settings, model, rate, { threads: 2 });

  it('is kept beside what "bench speed" found with the same threads', async () => {
    await recordSpeed(settings, model, row);
    await found(90);
    expect(settings.get('rates')).toMatchObject([
      { what: 'generation', tokensPerSecond: 90, kernels: 'CPU, 2 threads' },
    ]);
  });

  it('counts at once where it is quicker, by half where it is slower, and not at all within a tenth', async () => {
    await found(10);
    await found(10.9);
    expect(known()).toEqual([10]);
    await found(20);
    expect(known()).toEqual([20]);
    await found(10);
    expect(known()).toEqual([15]);
  });
});

describe('what "bench speed" finds out', () => {
  it('is a rate of reading and one of generation', async () => {
    await recordSpeed(settings, model, row);
    await recordSpeed(settings, model, { ...row, n_prompt: 512, avg_ts: 400, n_gpu_layers: -1 });
    expect(settings.get('rates')).toMatchObject([
      { what: 'reading', tokensPerSecond: 400, kernels: 'CPU, 2 threads, all layers on a GPU' },
      { what: 'generation', tokensPerSecond: 70, file: 'tiny.gguf', kernels: 'CPU, 2 threads' },
    ]);
  });
});
