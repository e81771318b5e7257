import { compute, type Device, probeGpus } from '../engine/compute.ts';
import { DramatisError } from '../errors.ts';
import type { SweepTask } from './manifest.ts';

/** What is found on a machine; tests give their own. */
export interface Devices {
  readonly devices: () => readonly Pick<Device, 'name' | 'kind'>[];
  /** Why each module that could drive a GPU does not. */
  readonly reasons: () => readonly string[];
}

const here: Devices = {
  devices: () => compute().devices(),
  reasons: () => probeGpus().map(({ name, reason }) => `${name}: ${reason}`),
};

/**
 * Words to add to a task's command for the GPU that it asks for; none where it asks for none.
 *
 * @throws {DramatisError} TASK_FAILED where no GPU can be used: it would compute for hours on the processor in its place.
 */
export function deviceWords(
  { label, kind, resources }: Pick<SweepTask, 'label' | 'kind' | 'resources'>,
  { devices, reasons }: Devices = here,
): string[] {
  if (resources.gpus === 0) return [];
  const gpu = devices().find((device) => device.kind === 'gpu' || device.kind === 'igpu');
  if (!gpu)
    throw new DramatisError(
      'TASK_FAILED',
      `${label} asks for a GPU, and none can be used here (${reasons().join('; ')})`,
      { remedy: 'Run "dramatis doctor" on this machine, or plan the study with "gpus": 0.' },
    );
  // An evaluation takes the GPU by itself.
  return kind === 'train' ? ['--device', gpu.name] : [];
}
