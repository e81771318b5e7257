import { arch, cpus } from 'node:os';

/** The kind of this machine's processors, such as "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz". */
export function processorKind(): string {
  return cpus()[0]?.model.trim() || arch();
}
