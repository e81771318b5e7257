import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { usableCores } from './cores.ts';
import { addonFolder, type NativeAddon, native } from './native.ts';
import { settleNow } from './settle.ts';

/** How many threads: "auto" = the usable cores, given back while others need them; a number = always that many. */
export type Threads = number | 'auto';

/** Layers to put on the GPU: "auto" = all where there is one, "off" = none. */
export type Gpu = number | 'auto' | 'off';

export interface ComputeOptions {
  readonly threads?: Threads;
  readonly gpu?: Gpu;
}

let inForce: Threads | undefined;

/**
 * The addon with its back-ends loaded and its threads set, once per process: a GPU module is looked
 * for only where a device of its kind is there, and only by the first call.
 *
 * @throws {DramatisError} NATIVE_MISSING; USAGE for more threads than there are processors.
 */
export function compute({ threads, gpu = 'auto' }: ComputeOptions = {}): NativeAddon {
  const addon = native();
  settleNow(() => addon.load(addonFolder, gpu === 'off' ? [] : gpuModules()));
  const wanted = threads ?? inForce ?? 'auto';
  if (wanted !== inForce) {
    setThreads(addon, wanted);
    inForce = wanted;
  }
  return addon;
}

function setThreads(addon: NativeAddon, threads: Threads): void {
  checkThreads(threads);
  if (threads === 'auto') addon.setThreads(usableCores().count, true);
  else addon.setThreads(threads, false);
}

/** @throws {DramatisError} USAGE for more threads than there are processors. */
export function checkThreads(threads: Threads): void {
  const usable = usableCores();
  if (threads === 'auto') return;
  if (!Number.isInteger(threads) || threads < 1 || threads > usable.processors) {
    throw new DramatisError(
      'USAGE',
      `${threads} threads were asked for; this process may use ${usable.processors} processors`,
      { remedy: 'Leave --threads out: "auto" takes the physical cores and adapts while it runs.' },
    );
  }
}

/** The `gpuLayers` a model is opened with. */
export function gpuLayers(addon: NativeAddon, gpu: Gpu = 'auto'): number {
  if (gpu === 'off') return 0;
  if (gpu !== 'auto') return gpu;
  return addon.devices().some((device) => device.kind === 'gpu' || device.kind === 'igpu') ? -1 : 0;
}

/** ggml's modules for the GPUs that are here, from the platform packages. */
function gpuModules(): string[] {
  const candidates: readonly [module: string, platform: string, device: string][] = [
    ['libggml-cuda.so', 'linux-x64-cuda', '/proc/driver/nvidia/version'],
    ['libggml-vulkan.so', 'linux-x64-vulkan', '/dev/dri/renderD128'],
  ];
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const found = candidates
    .filter(([, , device]) => existsSync(device))
    .flatMap(([module, platform]) => {
      const folder = packageFolder(`@node-llama-cpp/${platform}`);
      return folder ? [join(folder, 'bins', platform, module)] : [];
    });
  // An NVIDIA card is driven by CUDA alone: offered twice, it would be given two halves of a model.
  return found.filter(existsSync).slice(0, 1);
}

function packageFolder(name: string): string | undefined {
  for (let at = addonFolder; ; at = join(at, '..')) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(folder)) return folder;
    if (at === join(at, '..')) return undefined;
  }
}
