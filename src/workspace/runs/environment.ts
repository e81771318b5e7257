import { arch, cpus, platform } from 'node:os';
import { commit, program } from '../program.ts';

/** Where a run takes place, as its folder keeps it: nothing that changes what comes out. */
export function environment(): Record<string, string | number> {
  return {
    program: program(),
    commit: commit(),
    node: process.version,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    started: new Date().toISOString(),
  };
}
