import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** A module of ggml that drives GPUs: of a package of ours that is installed by choice, or of node-llama-cpp. */
export interface GpuModule {
  /** Such as "CUDA 13". */
  readonly name: string;
  /** Empty where no package brings it. */
  readonly packageName: string;
  /** Undefined where the package is not installed. */
  readonly path: string | undefined;
  /**
   * Why it cannot be loaded: there is none for this platform, or it is of another ggml than the one in use, by which
   * tensors would be laid out otherwise.
   */
  readonly fault?: string | undefined;
  /** Whether a device that it may drive is seen here. */
  readonly isSeen: boolean;
}

/** What decides which modules there could be; tests give their own. */
interface GpuSystem {
  readonly platform: string;
  readonly arch: string;
  readonly hasNvidia: () => boolean;
}

const thisSystem: GpuSystem = {
  platform: process.platform,
  arch: process.arch,
  hasNvidia: seesNvidia,
};

const cudaModule = 'libggml-cuda.so';
/** The order in which they are tried: an NVIDIA card is driven by CUDA, and by Vulkan only where no CUDA module loads. */
const known: readonly {
  name: string;
  packageName: string;
  /** The package that brings the file; ours depends on it. */
  origin: string;
  file: string;
  isSeen: () => boolean;
}[] = [
  {
    name: 'CUDA 13',
    packageName: '@dramatis/cuda13-linux-x64',
    origin: '@node-llama-cpp/linux-x64-cuda',
    file: join('bins/linux-x64-cuda', cudaModule),
    isSeen: seesNvidia,
  },
  {
    name: 'CUDA 12',
    packageName: '@dramatis/cuda12-linux-x64',
    origin: '@node-llama-cpp/linux-x64-cuda-ext',
    file: join('bins/linux-x64-cuda/fallback', cudaModule),
    isSeen: seesNvidia,
  },
  {
    name: 'Vulkan',
    packageName: '@dramatis/vulkan-linux-x64',
    origin: '@node-llama-cpp/linux-x64-vulkan',
    file: 'bins/linux-x64-vulkan/libggml-vulkan.so',
    isSeen: () => seesNvidia() || seesRenderNode(),
  },
];

/**
 * The GPU modules that there are for this platform, in the order in which they are to be tried.
 *
 * @param from A folder inside the package: `node_modules` is looked for there and above.
 */
export function gpuModules(
  from: string,
  { platform, arch, hasNvidia }: GpuSystem = thisSystem,
): GpuModule[] {
  if (platform !== 'linux' || arch !== 'x64') {
    // Not to be left unsaid: such a machine was bought for its GPU.
    const fault = `no package has a module for ${platform} ${arch}`;
    const none = { name: 'CUDA', packageName: '', path: undefined, fault, isSeen: true };
    return hasNvidia() ? [none] : [];
  }
  const wanted = expectedVersion(from);
  return known.map(({ name, packageName, origin, file, isSeen }) => {
    const chosen = packageFolder(from, packageName);
    // Package managers that keep packages apart lay a dependency beside the real folder of what depends on it.
    const folder = packageFolder(chosen === undefined ? from : realpathSync(chosen), origin);
    const path = folder === undefined ? undefined : join(folder, file);
    const isThere = path !== undefined && existsSync(path);
    return {
      ...{ name, packageName, isSeen: isSeen() },
      path: isThere ? path : undefined,
      fault: isThere ? versionFault(folder!, wanted) : undefined,
    };
  });
}

/**
 * Variables that a driver reads when the first CUDA module is loaded: kernels that it compiles for a GPU which the module
 * has no code for, for minutes, are kept among this program's files, all of them. What a user has set stays.
 *
 * @param cache Folder of files that may be thrown away.
 * @see "CUDA environment variables" in NVIDIA's CUDA C++ Programming Guide: CUDA_CACHE_MAXSIZE is 4 GiB at most.
 */
export function cudaVariables(
  cache: string,
  given: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  return {
    CUDA_CACHE_PATH: given.CUDA_CACHE_PATH ?? join(cache, 'cuda'),
    CUDA_CACHE_MAXSIZE: given.CUDA_CACHE_MAXSIZE ?? String(4 * 2 ** 30),
  };
}

/** The version of node-llama-cpp whose ggml the addon in a folder is built on; undefined if that is not known. */
function expectedVersion(folder: string): string | undefined {
  const path = join(folder, 'build.json');
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { nodeLlamaCpp?: string }).nodeLlamaCpp;
}

function versionFault(folder: string, wanted: string | undefined): string | undefined {
  const path = join(folder, 'package.json');
  if (wanted === undefined || !existsSync(path)) return undefined;
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version === wanted
    ? undefined
    : `its ggml is that of node-llama-cpp ${version}, the engine's that of ${wanted}`;
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
