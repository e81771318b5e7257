import { describe, expect, it } from 'vitest';
import { deviceWords } from './require-device.ts';

const task = (kind: 'train' | 'eval', gpus: number) => ({
  ...{ kind, label: `${kind} of marta` },
  resources: { cpus: 1, gpus, memMiB: 1, minutes: 1 },
});
const cpu = { name: 'CPU', kind: 'cpu' } as const;
const gpu = { name: 'CUDA0', kind: 'gpu' } as const;
const machine = (...devices: (typeof cpu | typeof gpu)[]) => ({
  devices: () => devices,
  reasons: () => ['CUDA 13: no libcudart.so.13'],
});

describe('A task that asks for a GPU', () => {
  it('is trained on it', () => {
    expect(deviceWords(task('train', 1), machine(cpu, gpu))).toEqual(['--device', 'CUDA0']);
    expect(deviceWords(task('eval', 1), machine(cpu, gpu))).toEqual([]);
  });

  it('fails where there is none, and says why, in place of hours on the processor', () => {
    expect(() => deviceWords(task('train', 1), machine(cpu))).toThrow(
      'train of marta asks for a GPU, and none can be used here (CUDA 13: no libcudart.so.13)',
    );
  });

  it('does not ask where none is wanted', () => {
    const untouched = {
      devices: () => expect.fail('asked'),
      reasons: () => expect.fail('asked'),
    };
    expect(deviceWords(task('train', 0), untouched)).toEqual([]);
  });
});
