import { describe, expect, it } from 'vitest';
import { requireMemory, tooLarge } from './require-memory.ts';

describe('requireMemory', () => {
  it('lets pass what fits and refuses what is larger than any machine', () => {
    expect(() => requireMemory('small', 1e6, { gpu: 'off' })).not.toThrow();
    expect(() => requireMemory('huge', 1e15, { gpu: 'off' })).toThrow(
      expect.objectContaining({ code: 'MEMORY_SHORT' }),
    );
  });
});

describe('tooLarge', () => {
  it('says in one line what is needed and what is there, and names the best that fit', () => {
    const { message, remedy } = tooLarge('qwen3-8b', 5.3e9, 2e9);
    expect(message).toBe('qwen3-8b needs about 5.3 GB of memory, and this machine has 2.0 GB');
    expect(remedy).toMatch(/^Use one that fits: qwen2\.5-coder-1\.5b \(1\.4 GB\), .*\.$/);
    expect(tooLarge('qwen3-8b', 5.3e9, 1e6).remedy).toMatch(/None of the catalogue fits/);
  });
});
