import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCpuList, usableCores } from './cores.ts';

/** A /proc and /sys of our own. */
function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'dramatis-cores-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}

const topology = (cores: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    cores.flatMap((list) =>
      parseCpuList(list).map((cpu) => [
        `sys/devices/system/cpu/cpu${cpu}/topology/core_cpus_list`,
        list,
      ]),
    ),
  );
const status = (mask: string): Record<string, string> => ({
  'proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${mask}`,
});

describe('usableCores', () => {
  it('counts two hyper-threads of one core once', () => {
    const root = machine({ ...status('0-7'), ...topology(['0,4', '1,5', '2,6', '3,7']) });
    expect(usableCores(root, {})).toMatchObject({ count: 4, processors: 8, physical: 4 });
  });

  it('keeps to the affinity mask', () => {
    const root = machine({ ...status('1,5-6'), ...topology(['0,4', '1,5', '2,6', '3,7']) });
    expect(usableCores(root, {})).toMatchObject({ count: 2, processors: 3 });
  });

  it('keeps to the quota of a cgroup or of any above it, rounded down, at least one', () => {
    const base = {
      ...status('0-15'),
      ...topology(Array.from({ length: 16 }, (_, i) => String(i))),
    };
    const at = (max: string, own = 'max 100000') =>
      usableCores(
        machine({
          ...base,
          'proc/self/cgroup': '0::/job/step',
          'sys/fs/cgroup/job/cpu.max': max,
          'sys/fs/cgroup/job/step/cpu.max': own,
        }),
        {},
      ).count;
    expect(at('350000 100000')).toBe(3);
    expect(at('50000 100000')).toBe(1);
    expect(at('max 100000')).toBe(16);
    expect(at('800000 100000', '200000 100000')).toBe(2);
  });

  it('reads the quota of cgroup version 1', () => {
    const root = machine({
      ...status('0-15'),
      ...topology(Array.from({ length: 16 }, (_, i) => String(i))),
      'proc/self/cgroup': '4:cpu,cpuacct:/box\n1:name=systemd:/',
      'sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us': '250000',
      'sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us': '100000',
    });
    expect(usableCores(root, {}).count).toBe(2);
  });

  it("keeps to Slurm's allotment", () => {
    const root = machine(status('0-7'));
    expect(usableCores(root, { SLURM_CPUS_PER_TASK: '3' }).count).toBe(3);
    // A job without --cpus-per-task whose site does not bind it to its processor.
    expect(usableCores(root, { SLURM_CPUS_ON_NODE: '1' }).count).toBe(1);
    const four = { SLURM_CPUS_ON_NODE: '8', SLURM_TASKS_PER_NODE: '4(x2)' };
    expect(usableCores(root, four).count).toBe(2);
    expect(usableCores(root, { ...four, SLURM_STEP_TASKS_PER_NODE: '1' }).count).toBe(8);
  });

  it('gives at least one where nothing can be read', () => {
    expect(usableCores(machine({}), {}).count).toBeGreaterThanOrEqual(1);
  });
});
