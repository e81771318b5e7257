import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { memoryNeededBy, usableMemory } from './model-memory.ts';

describe('The memory a model takes', () => {
  it('is more than its file has', () => {
    expect(memoryNeededBy(1e9)).toBeGreaterThan(1e9);
  });
});

describe('The memory of this process', () => {
  it('is no more than the machine has', () => {
    expect(usableMemory()).toBeGreaterThan(0);
    expect(usableMemory()).toBeLessThanOrEqual(totalmem());
  });

  it('is no more than Slurm allots to the job', () => {
    expect(usableMemory('/', { SLURM_MEM_PER_NODE: '100' })).toBe(100 * 2 ** 20);
    expect(usableMemory('/', { SLURM_MEM_PER_CPU: '50', SLURM_CPUS_ON_NODE: '2' })).toBe(
      100 * 2 ** 20,
    );
    expect(usableMemory('/', { SLURM_MEM_PER_NODE: '0' })).toBe(usableMemory('/', {}));
  });
});
