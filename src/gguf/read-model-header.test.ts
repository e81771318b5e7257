import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel, writeTinyParts } from '../testing/models/tiny-model.ts';
import { readModelHeader } from './read-model-header.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-parts-'));
});
const second = () => join(folder, 'tiny-00002-of-00002.gguf');

describe('readModelHeader', () => {
  it('makes one model of its parts, also where the first holds no tensors', async () => {
    const whole = join(folder, 'whole.gguf');
    await writeTinyModel(whole);
    const one = await readModelHeader(whole);
    for (const first of [10, 0]) {
      const path = await writeTinyParts(folder, { first });
      const header = await readModelHeader(path);
      const shapes = (tensors: typeof header.tensors) =>
        tensors.map(({ name, shape, bytes }) => ({ name, shape, bytes }));
      expect(shapes(header.tensors)).toEqual(shapes(one.tensors));
      expect(header.parameters).toBe(one.parameters);
      expect(header.architecture).toBe('llama');
      expect(header.fileBytes).toBe((await stat(path)).size + (await stat(second())).size);
    }
  });

  it('names the part that is missing', async () => {
    const path = await writeTinyParts(folder, { first: 10 });
    rmSync(second());
    await expect(readModelHeader(path)).rejects.toMatchObject({
      code: 'FILE_MISSING',
      message: `part 2 of 2 of the model is missing: ${second()}`,
    });
  });

  it('says which part to give where another one is given', async () => {
    const path = await writeTinyParts(folder, { first: 10 });
    await expect(readModelHeader(second())).rejects.toMatchObject({
      code: 'GGUF_INVALID',
      message: `${second()}: it is part 2 of 2`,
      remedy: `Give the first part: ${path}`,
    });
  });

  it('refuses a part whose name does not say so, and parts of two models', async () => {
    const path = await writeTinyParts(folder, { first: 10 });
    renameSync(path, join(folder, 'renamed.gguf'));
    await expect(readModelHeader(join(folder, 'renamed.gguf'))).rejects.toMatchObject({
      message: expect.stringMatching(/it is part 1 of 2, which its name does not say$/),
    });
    renameSync(second(), join(folder, 'other'));
    await writeTinyParts(folder, { first: 4 });
    renameSync(join(folder, 'other'), second());
    await expect(readModelHeader(path)).rejects.toMatchObject({
      code: 'GGUF_INVALID',
      message: expect.stringMatching(/tensors together, \d+ were expected$/),
    });
  });
});
