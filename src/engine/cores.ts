import { availableParallelism } from 'node:os';
import { groupLimits, readSystemFile } from '../store/cgroup.ts';

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
  const quota = groupLimits(root).processors;
  const allotted = slurmProcessors(env);
  const count = Math.max(1, Math.floor(Math.min(physical, quota, allotted)));
  return { count, processors: mask.length, physical, quota };
}

/**
 * Processors that Slurm allots to this task; Infinity outside a job. Where a site does not bind tasks to processors the
 * affinity mask is the whole node's, and without `--cpus-per-task` only the node's share is named.
 */
function slurmProcessors(env: NodeJS.ProcessEnv): number {
  const perTask = Number(env.SLURM_CPUS_PER_TASK);
  if (perTask > 0) return perTask;
  // "2(x3)": two tasks on each of three nodes; "1,2" where they differ.
  const tasks = Number.parseInt(
    env.SLURM_STEP_TASKS_PER_NODE ?? env.SLURM_TASKS_PER_NODE ?? '1',
    10,
  );
  const onNode = Number(env.SLURM_CPUS_ON_NODE);
  return onNode > 0 ? onNode / Math.max(1, tasks || 1) : Number.POSITIVE_INFINITY;
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
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(
    readSystemFile(root, 'proc/self/status') ?? '',
  )?.[1];
  const cpus = list === undefined ? [] : parseCpuList(list);
  return cpus.length > 0 ? cpus : undefined;
}

/** A name shared by all hyper-threads of the core that `cpu` belongs to. */
function siblings(root: string, cpu: number): string {
  const topology = ['sys/devices/system/cpu', `cpu${cpu}`, 'topology'];
  return (
    readSystemFile(root, ...topology, 'core_cpus_list') ??
    readSystemFile(root, ...topology, 'thread_siblings_list') ??
    String(cpu)
  );
}
