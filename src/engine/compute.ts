import { DramatisError } from '../errors.ts';
import { folders } from '../store/folders.ts';
import { usableCores } from './cores.ts';
import { cudaVariables, type GpuModule, gpuModules } from './gpu-modules.ts';
import { addonFolder, type NativeAddon, type NativeDevice, native } from './native.ts';
import type { RpcOptions } from './rpc/rpc-servers.ts';
import { settleNow } from './settle.ts';
import { useForcedKernels } from './step-kernels.ts';

/** How many threads: "auto" = the usable cores, given back while others need them; a number = always that many. */
export type Threads = number | 'auto';

/** Layers to put on the GPU: "auto" = all where there is one, "off" = none. */
export type Gpu = number | 'auto' | 'off';

export interface ComputeOptions {
  readonly threads?: Threads;
  readonly gpu?: Gpu;
  /** Servers that layers are put on beside the GPUs here. */
  readonly rpc?: RpcOptions;
}

/** A device that models can be computed on. */
export type Device = NativeDevice;

/**
 * Where the addon in use lies.
 *
 * @throws {DramatisError} NATIVE_MISSING
 */
export const addonPath = (): string => `${addonFolder()}dramatis.node`;

let inForce: Threads | undefined;

/**
 * The addon with its back-ends loaded and its threads set, once per process: the first call tries the GPU modules
 * whose kind of device is here, one after the other, until one registers a device.
 *
 * @throws {DramatisError} NATIVE_MISSING; USAGE for more threads than there are processors.
 */
export function compute({ threads, gpu = 'auto' }: ComputeOptions = {}): NativeAddon {
  const addon = native();
  const modules = gpu === 'off' ? [] : wantedModules();
  if (modules.length > 0) Object.assign(process.env, cudaVariables(folders().cache));
  settleNow(() => addon.load(addonFolder(), modules));
  if (inForce === undefined) useForcedKernels(addon);
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

/**
 * The `gpuLayers` a model is opened with.
 *
 * @param rpc Given where devices of servers take layers too.
 */
export function gpuLayers(addon: NativeAddon, gpu: Gpu = 'auto', rpc?: RpcOptions): number {
  if (rpc !== undefined && typeof gpu !== 'number') return -1;
  if (gpu === 'off') return 0;
  if (gpu !== 'auto') return gpu;
  return addon.devices().some((device) => device.kind === 'gpu' || device.kind === 'igpu') ? -1 : 0;
}

/** What came of a GPU module on this machine. */
export interface GpuProbe {
  /** Such as "CUDA 13". */
  readonly name: string;
  /** Null where its package is not installed. */
  readonly path: string | null;
  /** Whether a device for it is seen here; where none is, `compute` leaves the module alone. */
  readonly isSeen: boolean;
  /** `skipped`: another drives the GPU already; `missing`: its package is not installed. */
  readonly state: 'registered' | 'failed' | 'skipped' | 'missing';
  /** Names of the devices it registered. */
  readonly devices: readonly string[];
  /** Why it registered none; empty if it did. */
  readonly reason: string;
}

/**
 * Tries every GPU module that there could be here, those also that `compute` leaves alone since it sees no device for
 * them.
 *
 * @throws {DramatisError} NATIVE_MISSING
 */
export function probeGpus(): GpuProbe[] {
  const addon = compute();
  const modules = gpuModules(addonFolder());
  const attempts = addon.load(addonFolder(), []);
  let driver = modules.find(({ path }) =>
    attempts.some((attempt) => attempt.path === path && attempt.devices.length > 0),
  )?.name;
  return modules.map((module): GpuProbe => {
    const { name, path, packageName, isSeen } = module;
    const none = { name, path: path ?? null, isSeen, devices: [] };
    if (path === undefined)
      return {
        ...none,
        state: 'missing',
        reason: module.fault ?? `the package ${packageName} is not installed`,
      };
    if (module.fault !== undefined) return { ...none, state: 'failed', reason: module.fault };
    if (driver !== undefined && driver !== name)
      return { ...none, state: 'skipped', reason: `${driver} drives the GPU` };
    const { devices, error } =
      attempts.find((attempt) => attempt.path === path) ?? addon.tryModule(path);
    if (devices.length === 0) return { ...none, state: 'failed', reason: error };
    driver = name;
    return { ...none, state: 'registered', devices, reason: '' };
  });
}

const wantedModules = (): string[] =>
  gpuModules(addonFolder())
    .filter((module): module is GpuModule & { path: string } => module.path !== undefined)
    .filter(({ isSeen, fault }) => isSeen && fault === undefined)
    .map(({ path }) => path);
