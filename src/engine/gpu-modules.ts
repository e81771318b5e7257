import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A module of ggml that drives GPUs, as a platform package of node-llama-cpp brings it. */
export interface GpuModule {
  /** Such as "CUDA 13". */
  readonly name: string;
  readonly packageName: string;
  /** Undefined where the package is not installed. */
  readonly path: string | undefined;
  /** Whether a device that it may drive is seen here. */
  readonly isSeen: boolean;
}

const cudaModule = 'libggml-cuda.so';
/** The order in which they are tried: an NVIDIA card is driven by CUDA, and by Vulkan only where no CUDA module loads. */
const known: readonly { name: string; packageName: string; file: string; isSeen: () => boolean }[] =
  [
    {
      name: 'CUDA 13',
      packageName: '@node-llama-cpp/linux-x64-cuda',
      file: join('bins/linux-x64-cuda', cudaModule),
      isSeen: seesNvidia,
    },
    {
      name: 'CUDA 12',
      packageName: '@node-llama-cpp/linux-x64-cuda-ext',
      file: join('bins/linux-x64-cuda/fallback', cudaModule),
      isSeen: seesNvidia,
    },
    {
      name: 'Vulkan',
      packageName: '@node-llama-cpp/linux-x64-vulkan',
      file: 'bins/linux-x64-vulkan/libggml-vulkan.so',
      isSeen: () => seesNvidia() || seesRenderNode(),
    },
  ];

/**
 * The GPU modules that there are for this platform, in the order in which they are to be tried.
 *
 * @param from A folder inside the package: `node_modules` is looked for there and above.
 */
export function gpuModules(from: string): GpuModule[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  return known.map(({ name, packageName, file, isSeen }) => {
    const folder = packageFolder(from, packageName);
    const path = folder === undefined ? undefined : join(folder, file);
    return {
      name,
      packageName,
      path: path !== undefined && existsSync(path) ? path : undefined,
      isSeen: isSeen(),
    };
  });
}

/** A driver's device, or that of Windows' kernel under WSL 2. */
function seesNvidia(): boolean {
  return ['/dev/nvidiactl', '/dev/nvidia0', '/proc/driver/nvidia/version', '/dev/dxg'].some(
    (path) => existsSync(path),
  );
}

function seesRenderNode(): boolean {
  return (
    existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'))
  );
}

function packageFolder(from: string, name: string): string | undefined {
  for (let at = from; ; at = join(at, '..')) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(folder)) return folder;
    if (at === join(at, '..')) return undefined;
  }
}
