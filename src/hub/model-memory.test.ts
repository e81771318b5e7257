import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { models } from './catalogue.ts';
import { fileSizeOf, memoryNeededBy, usableMemory } from './model-memory.ts';

describe('The size of a model', () => {
  it('is the pinned one where there is one, and else within a tenth of the published file', () => {
    const size = (id: string) => fileSizeOf(models().find((entry) => entry.id === id)!);
    expect(size('smollm2-135m')).toEqual({ bytes: 98_362_432, isEstimate: false });
    // As the pages of these files say, in bytes.
    for (const [id, published] of [
      ['qwen3-4b', 2.5e9],
      ['qwen3-8b', 5.03e9],
      ['llama3.2-3b', 2.02e9],
      ['mistral-7b', 4.37e9],
    ] as const) {
      const { bytes, isEstimate } = size(id);
      expect(isEstimate).toBe(true);
      expect(Math.abs(bytes / published - 1)).toBeLessThan(0.1);
    }
  });

  it('is less than the memory it takes', () => {
    expect(memoryNeededBy({ bytes: 1e9, parameters: 1 })).toBeGreaterThan(1e9);
  });
});

describe('The memory of this process', () => {
  it('is no more than the machine has', () => {
    expect(usableMemory()).toBeGreaterThan(0);
    expect(usableMemory()).toBeLessThanOrEqual(totalmem());
  });
});
