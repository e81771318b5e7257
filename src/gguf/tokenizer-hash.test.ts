import { describe, expect, it } from 'vitest';
import { type TinyModelOptions, tinyModel } from '../testing/models/tiny-model.ts';
import { encodeGguf, gguf } from './encode-gguf.ts';
import { parseHeader } from './parse-header.ts';
import { tokenizerHash } from './tokenizer-hash.ts';

async function hashOf(options: TinyModelOptions, more = {}): Promise<string> {
  const { metadata } = tinyModel(options);
  const parts: Uint8Array[] = [];
  for await (const part of encodeGguf({ metadata: { ...metadata, ...more }, tensors: [] })) {
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  return tokenizerHash(parseHeader(bytes, bytes.length));
}

describe('tokenizerHash', () => {
  it('is of how text is cut, and of nothing else', async () => {
    const hash = await hashOf({});
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf({ name: 'Other', seed: 2, chatTemplate: null })).toBe(hash);
    expect(await hashOf({}, { 'tokenizer.ggml.add_bos_token': gguf.bool(true) })).not.toBe(hash);
    expect(await hashOf({}, { 'tokenizer.ggml.merges': gguf.texts(['Ġ t']) })).not.toBe(hash);
  });
});
