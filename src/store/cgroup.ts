import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a control group allows, of which the tightest from this process's up to the root counts. */
export interface GroupLimits {
  /** Processors that the quota pays for; Infinity without one. */
  readonly processors: number;
  /** Memory that may be used, in bytes; Infinity without a limit. */
  readonly memoryBytes: number;
  /** How much of that is left, counting what the kernel keeps of files and can give back; Infinity without a limit. */
  readonly freeBytes: number;
}

/**
 * The limits of the control groups that this process is in, of version 1 or 2: what a container or a batch job is held to.
 *
 * @param root Where /proc and /sys are; tests give a folder of their own.
 */
export function groupLimits(root = '/'): GroupLimits {
  const all = groupsOf(root).map((group) => limitsOf(root, group));
  const least = (of: (limits: GroupLimits) => number): number =>
    Math.min(Number.POSITIVE_INFINITY, ...all.map(of));
  return {
    processors: least(({ processors }) => processors),
    memoryBytes: least(({ memoryBytes }) => memoryBytes),
    freeBytes: least(({ freeBytes }) => freeBytes),
  };
}

/**
 * How many processes the kernel has killed for memory in this process's control group, since the group was made; 0 where
 * it does not say.
 *
 * @param root Where /proc and /sys are; tests give a folder of their own.
 */
export function memoryKills(root = '/'): number {
  // The group's own count comes first, and has those of the groups below it.
  const counts = groupsOf(root).map(({ version, folder }) => {
    const name = version === 2 ? 'memory.events' : 'memory.oom_control';
    const text = readSystemFile(root, 'sys/fs/cgroup', folder, name);
    return Number(/^oom_kill (\d+)$/m.exec(text ?? '')?.[1] ?? 0);
  });
  return Math.max(0, ...counts);
}

/** A file below a root, without space around its text; undefined where there is none, or it may not be read. */
export function readSystemFile(root: string, ...path: string[]): string | undefined {
  try {
    return readFileSync(join(root, ...path), 'utf8').trim();
  } catch {
    // Absent outside Linux, in some containers, or without permission: the caller has a fallback.
    return undefined;
  }
}

/** A group of version 2, or one of version 1 for a few kinds of resource. */
interface Group {
  readonly version: 1 | 2;
  /** Folder below `sys/fs/cgroup`. */
  readonly folder: string;
}

function groupsOf(root: string): Group[] {
  const mounts = namesIn(join(root, 'sys/fs/cgroup'));
  return (readSystemFile(root, 'proc/self/cgroup') ?? '').split('\n').flatMap((line): Group[] => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    if (controllers === '') {
      // Where both versions are mounted the second has a folder of its own.
      const mount = mounts.includes('unified') ? 'unified' : '';
      return ancestors(path).map((at) => ({ version: 2, folder: join(mount, at) }));
    }
    const names = controllers.split(',').filter((name) => name === 'cpu' || name === 'memory');
    return names.flatMap((name) => {
      const mount = [controllers, name, 'cpu,cpuacct'].find((one) => mounts.includes(one)) ?? name;
      return ancestors(path).map((at): Group => ({ version: 1, folder: join(mount, at) }));
    });
  });
}

/** "/a/b" → ["/a/b", "/a", "/"]. */
function ancestors(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return Array.from(
    { length: parts.length + 1 },
    (_, i) => `/${parts.slice(0, parts.length - i).join('/')}`,
  );
}

function limitsOf(root: string, { version, folder }: Group): GroupLimits {
  const read = (name: string): string | undefined =>
    readSystemFile(root, 'sys/fs/cgroup', folder, name);
  const number = (name: string): number => toNumber(read(name));
  if (version === 2) {
    const [most, period] = (read('cpu.max') ?? 'max').split(' ');
    const processors = most === 'max' ? Number.POSITIVE_INFINITY : Number(most) / Number(period);
    const memory = memoryOf(number('memory.max'), number('memory.current'), read('memory.stat'));
    return { processors, ...memory };
  }
  const most = Number(read('cpu.cfs_quota_us') ?? -1);
  const period = Number(read('cpu.cfs_period_us') ?? 100_000);
  return {
    processors: most > 0 ? most / period : Number.POSITIVE_INFINITY,
    ...memoryOf(
      number('memory.limit_in_bytes'),
      number('memory.usage_in_bytes'),
      read('memory.stat'),
    ),
  };
}

function memoryOf(
  limit: number,
  used: number,
  stat = '',
): Pick<GroupLimits, 'memoryBytes' | 'freeBytes'> {
  // Version 1 writes "no limit" as the largest number of pages.
  const none = Number.POSITIVE_INFINITY;
  if (!(limit < 2 ** 60)) return { memoryBytes: none, freeBytes: none };
  const files = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
  const left = Number.isFinite(used) ? limit - used + files : limit;
  return { memoryBytes: limit, freeBytes: Math.min(limit, Math.max(0, left)) };
}

function toNumber(text: string | undefined): number {
  return text === undefined || !/^\d+$/.test(text) ? Number.POSITIVE_INFINITY : Number(text);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
