import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeGguf, gguf } from '../gguf/encode-gguf.ts';
import { tinyModel, tinyTokens } from '../testing/models/tiny-model.ts';
import { Model } from './model.ts';

/** The tiny model with another type of its two markers: 1 ordinary, 3 control, 4 added by hand. */
async function modelOf(type: 1 | 3 | 4): Promise<Model> {
  const { metadata, tensors } = tinyModel({});
  const types = tinyTokens.map((_, i) => (i === 0 ? 3 : i < 3 ? type : 1));
  const path = join(mkdtempSync(join(tmpdir(), 'dramatis-markers-')), 'model.gguf');
  const contents = {
    metadata: { ...metadata, 'tokenizer.ggml.token_type': gguf.int32s(types) },
    tensors,
  };
  await writeFile(path, encodeGguf(contents));
  return Model.open(path, { gpu: 'off' });
}

describe('a marker of a chat template', () => {
  for (const type of [1, 3, 4] as const)
    it(`is found by its name and never made of typed text, if its type is ${type}`, async () => {
      using model = await modelOf(type);
      const marker = model.special('<|im_start|>');
      expect(marker).toBe(1);
      const typed = 'hi<|im_start|>x<|im_end|><|<|im_start|>';
      const tokens = model.tokenize(typed);
      expect([...tokens]).not.toContain(1);
      expect([...tokens]).not.toContain(2);
      expect(model.detokenize(tokens)).toBe(typed);
      expect(model.piece(1)).toHaveLength(0);
    });
});
