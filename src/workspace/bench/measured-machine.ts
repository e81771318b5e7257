import { platform, release, totalmem } from 'node:os';
import { type ComputeOptions, compute } from '../../engine/compute.ts';
import { usableCores } from '../../engine/cores.ts';
import { readSystemFile } from '../../store/cgroup.ts';
import { processorKind } from '../../store/processor-kind.ts';

/** What speed depends on besides the program and the model. */
export interface MeasuredMachine {
  readonly cpu: string;
  /** Family and model, such as "6.207": virtual machines often hide the name. Empty where the system does not say. */
  readonly family: string;
  /** Physical cores that this process may use. */
  readonly cores: number;
  readonly processors: number;
  /** Instruction sets of the processor that kernels can use, such as "avx512_bf16". */
  readonly features: readonly string[];
  /** How the system sets the clock; empty where it does not say. */
  readonly governor: string;
  readonly memoryBytes: number;
  /** Such as "linux 6.1.0, x64". */
  readonly system: string;
  readonly node: string;
  /** Such as "CPU" or "CUDA: NVIDIA H200". */
  readonly devices: readonly string[];
}

const told = ['avx2', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_bf16', 'amx_int8', 'asimddp'];

/** This machine, as a file of measurements states it. */
export function measuredMachine(options: ComputeOptions = {}): MeasuredMachine {
  const info = readSystemFile('/', 'proc/cpuinfo') ?? '';
  const field = (name: string): string =>
    new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const flags = new Set(`${field('flags')} ${field('Features')}`.split(' '));
  const family = [field('cpu family'), field('model')].filter((one) => one !== '').join('.');
  const { count, processors } = usableCores();
  const governor = readSystemFile('/', 'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  return {
    ...{ cpu: processorKind(), family, cores: count, processors },
    features: told.filter((name) => flags.has(name)),
    governor: governor?.trim() ?? '',
    memoryBytes: totalmem(),
    system: `${platform()} ${release()}, ${process.arch}`,
    node: process.version,
    devices: compute(options)
      .devices()
      .map(({ backend, description, kind }) =>
        kind === 'cpu' || backend === 'CPU' ? 'CPU' : `${backend}: ${description}`,
      ),
  };
}

/** A machine in a line, such as "Intel Xeon (6.207), 2 cores, avx512f avx512_bf16". */
export function machineText({ cpu, family, cores, features }: MeasuredMachine): string {
  const name = family === '' ? cpu : `${cpu} (${family})`;
  return [name, `${cores} ${cores === 1 ? 'core' : 'cores'}`, features.join(' ')]
    .filter((part) => part !== '')
    .join(', ');
}
