import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepDirections, keptDirections } from './control-file.ts';

const directions = new Map([
  [10, Float32Array.of(0.1, -2)],
  [11, Float32Array.of(3e-9, 4)],
]);

describe('kept directions', () => {
  it('come back to the bit under their key, and under no other', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'dramatis-control-')), 'one.control');
    await keepDirections(path, 'key', directions);
    expect(await keptDirections(path, 'key')).toEqual(directions);
    expect(await keptDirections(path, 'other')).toBeUndefined();
  });

  it('are made anew from a file of the time when they posed as a saved state', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'dramatis-control-')), 'one.control');
    const header = { format: 'dramatis-state', version: 1, key: 'key', tokens: 1, bytes: 0 };
    writeFileSync(path, `${JSON.stringify(header)}\n`);
    expect(await keptDirections(path, 'key')).toBeUndefined();
  });

  it('need no disk that can be written', async () => {
    const path = join('/dev/null', 'one.control');
    await expect(keepDirections(path, 'key', directions)).resolves.toBeUndefined();
  });
});
