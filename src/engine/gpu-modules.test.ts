import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gpuModules } from './gpu-modules.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-gpu-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isSupported = process.platform === 'linux' && process.arch === 'x64';

describe('GPU modules', () => {
  it.runIf(isSupported)(
    'are CUDA 13, CUDA 12 and Vulkan, in this order, found above a folder',
    () => {
      const fallback =
        'node_modules/@node-llama-cpp/linux-x64-cuda-ext/bins/linux-x64-cuda/fallback/libggml-cuda.so';
      const path = join(folder, fallback);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '');
      const from = join(folder, 'node_modules/dramatis/build/Release');
      expect(gpuModules(from).map(({ name, path }) => [name, path])).toEqual([
        ['CUDA 13', undefined],
        ['CUDA 12', path],
        ['Vulkan', undefined],
      ]);
    },
  );

  it.runIf(!isSupported)('are none where no package brings them', () => {
    expect(gpuModules(folder)).toEqual([]);
  });
});
