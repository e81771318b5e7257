import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupLimits, memoryKills } from './cgroup.ts';

/** A folder with /proc and /sys of a machine. */
function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'dramatis-cgroup-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}
const none = {
  processors: Number.POSITIVE_INFINITY,
  memoryBytes: Number.POSITIVE_INFINITY,
  freeBytes: Number.POSITIVE_INFINITY,
};

describe('groupLimits', () => {
  it('takes the tightest of version 2, up to the root, and counts what can be given back as free', () => {
    const root = machine({
      'proc/self/cgroup': '0::/job/step',
      'sys/fs/cgroup/job/step/memory.max': 'max',
      'sys/fs/cgroup/job/step/cpu.max': '150000 100000',
      'sys/fs/cgroup/job/memory.max': '400000000',
      'sys/fs/cgroup/job/memory.current': '300000000',
      'sys/fs/cgroup/job/memory.stat': 'anon 1\ninactive_file 50000000\nactive_file 3',
      'sys/fs/cgroup/job/cpu.max': 'max 100000',
    });
    expect(groupLimits(root)).toEqual({
      processors: 1.5,
      memoryBytes: 400_000_000,
      freeBytes: 150_000_000,
    });
  });

  it('takes those of version 1, each kind where it is mounted', () => {
    const root = machine({
      'proc/self/cgroup': '4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/',
      'sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '250000000',
      'sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes': '100000000',
      'sys/fs/cgroup/memory/docker/abc/memory.stat': 'total_inactive_file 20000000',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
      'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '50000',
      'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000',
    });
    expect(groupLimits(root)).toEqual({
      processors: 0.5,
      memoryBytes: 250_000_000,
      freeBytes: 170_000_000,
    });
  });

  it('finds none where none is set, and on other systems', () => {
    expect(groupLimits(machine({}))).toEqual(none);
    const root = machine({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'max' });
    expect(groupLimits(root)).toEqual(none);
  });
});

describe('memoryKills', () => {
  it('counts those of version 2 and of version 1, and none where nothing is said', () => {
    const second = machine({
      'proc/self/cgroup': '0::/job/step',
      'sys/fs/cgroup/job/step/memory.events': 'low 0\noom 3\noom_kill 2\noom_group_kill 0',
    });
    const first = machine({
      'proc/self/cgroup': '4:memory:/job',
      'sys/fs/cgroup/memory/job/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1',
    });
    expect([second, first, machine({})].map(memoryKills)).toEqual([2, 1, 0]);
  });
});
