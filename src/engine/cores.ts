import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** What the count was taken from, for `doctor`. */
export interface UsableCores {
  /** Threads worth running: at least 1. */
  readonly count: number;
  /** Logical processors in the affinity mask. */
  readonly processors: number;
  /** Physical cores among them. */
  readonly physical: number;
  /** Processors the cgroup's quota pays for; Infinity without one. */
  readonly quota: number;
}

/**
 * The physical cores this process may use: its affinity mask, two hyper-threads counted once, capped
 * by the cgroup's CPU quota and by Slurm's allotment.
 *
 * ggml spins at every barrier, so one thread too many costs far more than one too few: whatever
 * cannot be read is taken for the smaller count.
 *
 * @param root Where /proc and /sys are; tests give a folder of their own.
 */
export function usableCores(root = '/', env: NodeJS.ProcessEnv = process.env): UsableCores {
  const mask = affinity(root) ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
  const physical = new Set(mask.map((cpu) => siblings(root, cpu))).size;
  const quota = cgroupQuota(root);
  const allotted = Number(env.SLURM_CPUS_PER_TASK) || Number.POSITIVE_INFINITY;
  const count = Math.max(1, Math.floor(Math.min(physical, quota, allotted)));
  return { count, processors: mask.length, physical, quota };
}

function read(root: string, ...path: string[]): string | undefined {
  try {
    return readFileSync(join(root, ...path), 'utf8').trim();
  } catch {
    // Absent outside Linux, in some containers, or without permission: the caller has a fallback.
    return undefined;
  }
}

/** "0-3,8" → [0, 1, 2, 3, 8], the kernel's list format. */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    if (from === undefined || to === undefined || Number.isNaN(from + to)) return [];
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

function affinity(root: string): number[] | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(read(root, 'proc/self/status') ?? '')?.[1];
  const cpus = list === undefined ? [] : parseCpuList(list);
  return cpus.length > 0 ? cpus : undefined;
}

/** A name shared by all hyper-threads of the core that `cpu` belongs to. */
function siblings(root: string, cpu: number): string {
  const topology = ['sys/devices/system/cpu', `cpu${cpu}`, 'topology'];
  return (
    read(root, ...topology, 'core_cpus_list') ??
    read(root, ...topology, 'thread_siblings_list') ??
    String(cpu)
  );
}

/** The tightest quota from this process's cgroup up to the root, version 2 or 1, in processors. */
function cgroupQuota(root: string): number {
  const quotas: number[] = [];
  for (const line of (read(root, 'proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (controllers === '') quotas.push(...ancestors(path).map((at) => quotaV2(root, at)));
    else if (controllers?.split(',').includes('cpu')) {
      quotas.push(...ancestors(path).map((at) => quotaV1(root, controllers, at)));
    }
  }
  return Math.min(Number.POSITIVE_INFINITY, ...quotas);
}

/** "/a/b" → ["/a/b", "/a", "/"]. */
function ancestors(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return Array.from(
    { length: parts.length + 1 },
    (_, i) => `/${parts.slice(0, parts.length - i).join('/')}`,
  );
}

function quotaV2(root: string, path: string): number {
  const [most, period] = (read(root, 'sys/fs/cgroup', path, 'cpu.max') ?? 'max').split(' ');
  return most === 'max' ? Number.POSITIVE_INFINITY : Number(most) / Number(period);
}

function quotaV1(root: string, controllers: string, path: string): number {
  const mounts = readdirOrNone(join(root, 'sys/fs/cgroup'));
  const mount = [controllers, 'cpu', 'cpu,cpuacct'].find((name) => mounts.includes(name)) ?? 'cpu';
  const most = Number(read(root, 'sys/fs/cgroup', mount, path, 'cpu.cfs_quota_us') ?? -1);
  const period = Number(read(root, 'sys/fs/cgroup', mount, path, 'cpu.cfs_period_us') ?? 100_000);
  return most > 0 ? most / period : Number.POSITIVE_INFINITY;
}

function readdirOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
