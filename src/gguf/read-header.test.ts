import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  tinyAdapter,
  tinyModel,
  tinyTokens,
  writeTinyModel,
} from '../testing/models/tiny-model.ts';
import { encodeGguf, type GgufContents, type GgufInput, gguf } from './encode-gguf.ts';
import { readHeader } from './read-header.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-gguf-')), 'model.gguf');
});

describe('readHeader', () => {
  it('reads a model', async () => {
    await writeTinyModel(path, { type: 'Q8_0' });
    const header = await readHeader(path);
    expect(header.architecture).toBe('llama');
    expect(header.number('llama.block_count')).toBe(2);
    expect(header.array('tokenizer.ggml.tokens')?.values()).toEqual(tinyTokens);
    expect(header.tensors.find(({ name }) => name === 'blk.0.ffn_down.weight')).toMatchObject({
      type: 'Q8_0',
      shape: [128, 64],
      bytes: (128 * 64 * 34) / 32,
    });
    expect(header.fileBytes).toBe((await stat(path)).size);
  });

  it('reads on when the header is longer than the first look', async () => {
    const tokens = Array.from({ length: 300_000 }, (_, i) => `token number ${i}`);
    const metadata = { 'tokenizer.ggml.tokens': gguf.texts(tokens) };
    await writeFile(path, encodeGguf({ metadata, tensors: [] }));
    expect((await readHeader(path)).array('tokenizer.ggml.tokens')?.length).toBe(300_000);
  });

  it('names the file in every refusal, on one line', async () => {
    for (const content of ['', 'GG', 'GGUF', 'not a model at all, but a text']) {
      writeFileSync(path, content);
      await expect(readHeader(path)).rejects.toMatchObject({
        code: 'GGUF_INVALID',
        message: expect.stringMatching(/^\/.*model\.gguf: [^\n]+$/),
      });
    }
  });

  it('refuses a model cut at any per cent', async () => {
    await writeTinyModel(path);
    const { size } = await stat(path);
    for (let percent = 99; percent >= 0; percent--) {
      truncateSync(path, Math.floor((size * percent) / 100));
      await expect(readHeader(path)).rejects.toMatchObject({ code: 'GGUF_INVALID' });
    }
  });

  it('tells a missing file and a folder', async () => {
    await expect(readHeader(path)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(readHeader(tmpdir())).rejects.toMatchObject({ code: 'GGUF_INVALID' });
  });
});

describe('readHeader of what a loader would abort over', () => {
  const changed = (
    contents: GgufContents,
    key: string,
    value: GgufInput | undefined,
  ): GgufContents => {
    const { [key]: _, ...rest } = contents.metadata;
    return { ...contents, metadata: value ? { ...rest, [key]: value } : rest };
  };
  const cases: [key: string, value: GgufInput | undefined, message: RegExp][] = [
    ['llama.block_count', gguf.uint32(0), /block_count is 0; 1 to 512/],
    ['llama.block_count', gguf.uint32(513), /block_count is 513/],
    ['llama.nextn_predict_layers', gguf.uint32(9), /nextn_predict_layers is 9; 0 to 2/],
    ['llama.attention.head_count', gguf.uint32(0), /head_count is 0/],
    ['llama.attention.head_count', gguf.uint32(7), /7 attention heads cannot share 2/],
    ['llama.attention.head_count', undefined, /head_count is missing/],
    ['llama.attention.head_count_kv', gguf.uint32(0), /head_count_kv is 0/],
    ['llama.attention.head_count_kv', gguf.uint32(3), /cannot share 3/],
    ['llama.feed_forward_length', gguf.uint32(0), /feed_forward_length is 0/],
    ['llama.feed_forward_length', undefined, /feed_forward_length is missing/],
    ['llama.embedding_length', gguf.uint32(66), /width of 66/],
    ['llama.attention.layer_norm_rms_epsilon', gguf.float32(-1), /epsilon is -1/],
    ['llama.attention.layer_norm_rms_epsilon', gguf.float32(Number.NaN), /epsilon is NaN/],
    ['llama.expert_count', gguf.uint32(8), /0 of 8 experts/],
    ['llama.expert_used_count', gguf.uint32(2), /2 of 0 experts/],
    ['llama.expert_group_count', gguf.uint32(3), /expert_group_count is 3/],
    ['llama.rope.scaling.type', gguf.text('elastic'), /"elastic", which is not known/],
    ['split.count', gguf.uint32(3), /split.count is of type uint32, not uint16/],
    ['general.architecture', gguf.uint32(3), /general.architecture is of type uint32/],
    ['tokenizer.ggml.tokens', gguf.int32s([1]), /vocabulary is an array of int32/],
    ['tokenizer.ggml.tokens', gguf.texts(['a', 'b', 'a']), /token_type has 298 elements for 3/],
    ['tokenizer.ggml.token_type', gguf.int32s([1, 2]), /token_type has 2 elements for 298/],
    [
      'tokenizer.ggml.tokens',
      gguf.texts(tinyTokens.map((token, id) => (id === 297 ? 'a' : token))),
      /the token "a" is in the vocabulary twice/,
    ],
  ];
  it.each(cases)('%s of %j', async (key, value, message) => {
    await writeFile(path, encodeGguf(changed(tinyModel({}), key, value)));
    await expect(readHeader(path)).rejects.toThrow(message);
  });

  it('a tokenizer whose opening token does not exist', async () => {
    const contents = changed(tinyModel({}), 'tokenizer.ggml.model', gguf.text('bert'));
    const few = changed(contents, 'tokenizer.ggml.tokens', gguf.texts(['a', 'b']));
    const bert = changed(few, 'tokenizer.ggml.token_type', gguf.int32s([1, 1]));
    await writeFile(path, encodeGguf(bert));
    await expect(readHeader(path)).rejects.toThrow(/seperator_token_id is 102; there are 2 tokens/);
  });

  it('an adapter of boundless strength', async () => {
    await writeFile(path, encodeGguf(tinyAdapter({ alpha: Number.POSITIVE_INFINITY })));
    await expect(readHeader(path)).rejects.toThrow(/alpha is Infinity/);
  });
});
