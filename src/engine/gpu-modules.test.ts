import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cudaVariables, gpuModules } from './gpu-modules.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-gpu-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const vulkanFile = 'bins/linux-x64-vulkan/libggml-vulkan.so';
function lay(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
}

const isSupported = process.platform === 'linux' && process.arch === 'x64';

describe('GPU modules', () => {
  it.runIf(isSupported)(
    'are CUDA 13, CUDA 12 and Vulkan, in this order, found above a folder',
    () => {
      const fallback =
        'node_modules/@node-llama-cpp/linux-x64-cuda-ext/bins/linux-x64-cuda/fallback/libggml-cuda.so';
      const path = join(folder, fallback);
      lay(path);
      const from = join(folder, 'node_modules/dramatis/build/Release');
      expect(gpuModules(from).map(({ name, path }) => [name, path])).toEqual([
        ['CUDA 13', undefined],
        ['CUDA 12', path],
        ['Vulkan', undefined],
      ]);
    },
  );

  it.runIf(isSupported)(
    'are found where a package of ours that was installed depends on them',
    () => {
      const own = mkdtempSync(join(folder, 'isolated-'));
      // As pnpm lays them: a link to the package, and its dependency beside the real folder.
      const store = join(own, 'node_modules/.pnpm/vulkan/node_modules');
      const path = join(store, '@node-llama-cpp/linux-x64-vulkan', vulkanFile);
      lay(path);
      mkdirSync(join(store, '@dramatis/vulkan-linux-x64'), { recursive: true });
      mkdirSync(join(own, 'node_modules/@dramatis'));
      symlinkSync(
        join(store, '@dramatis/vulkan-linux-x64'),
        join(own, 'node_modules/@dramatis/vulkan-linux-x64'),
      );
      const from = join(own, 'node_modules/.pnpm/linux-x64/node_modules/@dramatis/linux-x64');
      expect(gpuModules(from).find(({ name }) => name === 'Vulkan')?.path).toBe(path);
    },
  );

  it.runIf(isSupported)('of another ggml than the engine has are not to be loaded', () => {
    const own = mkdtempSync(join(folder, 'versions-'));
    const origin = join(own, 'node_modules/@node-llama-cpp/linux-x64-vulkan');
    lay(join(origin, vulkanFile));
    const faultOf = (engine: string, module: string) => {
      writeFileSync(join(own, 'build.json'), JSON.stringify({ nodeLlamaCpp: engine }));
      writeFileSync(join(origin, 'package.json'), JSON.stringify({ version: module }));
      return gpuModules(own).find(({ name }) => name === 'Vulkan')?.fault;
    };
    expect(faultOf('3.22.1', '3.22.1')).toBeUndefined();
    expect(faultOf('3.22.1', '3.23.0')).toMatch(/node-llama-cpp 3\.23\.0.*3\.22\.1/);
  });

  it('are named as missing where an NVIDIA GPU is seen and no package is for its platform', () => {
    const system = { platform: 'linux', arch: 'arm64', hasNvidia: () => true };
    expect(gpuModules(folder, system)).toMatchObject([
      { name: 'CUDA', path: undefined, fault: 'no package has a module for linux arm64' },
    ]);
    expect(gpuModules(folder, { ...system, hasNvidia: () => false })).toEqual([]);
  });

  it('of CUDA keep what their driver compiles, unless a user has said where', () => {
    expect(cudaVariables('/cache', {})).toEqual({
      CUDA_CACHE_PATH: join('/cache', 'cuda'),
      CUDA_CACHE_MAXSIZE: '4294967296',
    });
    const own = { CUDA_CACHE_PATH: '/mine', CUDA_CACHE_MAXSIZE: '1' };
    expect(cudaVariables('/cache', own)).toEqual(own);
  });

  it.runIf(!isSupported)('are none where no package brings them', () => {
    expect(gpuModules(folder).filter(({ path }) => path !== undefined)).toEqual([]);
  });
});
