import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bertToGguf } from './bert-to-gguf.ts';
import { encodeGguf } from './encode-gguf.ts';
import { parseHeader } from './parse-header.ts';
import { encodeSafetensors } from './safetensors.test.support.ts';

const width = 32;
const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '!', 'stage', '##d', 'é'];

let files = { weights: '', vocabulary: '', config: '' };
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'dramatis-bert-'));
  files = {
    weights: join(folder, 'model.safetensors'),
    vocabulary: join(folder, 'vocab.txt'),
    config: join(folder, 'config.json'),
  };
  writeFileSync(files.weights, encodeSafetensors(tinyBert()));
  writeFileSync(files.vocabulary, `${tokens.join('\n')}\n`);
  writeFileSync(files.config, JSON.stringify(config));
});

const config = {
  num_hidden_layers: 1,
  hidden_size: width,
  intermediate_size: 64,
  num_attention_heads: 2,
  max_position_embeddings: 16,
  layer_norm_eps: 1e-12,
  type_vocab_size: 2,
};

function tinyBert(): Record<string, { shape: number[]; values: number[] }> {
  const tensors: Record<string, { shape: number[]; values: number[] }> = {};
  const add = (name: string, ...shape: number[]): void => {
    const length = shape.reduce((a, b) => a * b, 1);
    tensors[name] = { shape, values: Array.from({ length }, (_, i) => (i % 7) / 8 - 0.375) };
  };
  add('embeddings.word_embeddings.weight', tokens.length, width);
  add('embeddings.position_embeddings.weight', 16, width);
  add('embeddings.token_type_embeddings.weight', 2, width);
  add('pooler.dense.weight', width, width); // not wanted
  const layer = 'encoder.layer.0';
  for (const part of ['query', 'key', 'value']) {
    add(`${layer}.attention.self.${part}.weight`, width, width);
    add(`${layer}.attention.self.${part}.bias`, width);
  }
  add(`${layer}.attention.output.dense.weight`, width, width);
  add(`${layer}.intermediate.dense.weight`, 64, width);
  add(`${layer}.output.dense.weight`, width, 64);
  add(`${layer}.attention.output.dense.bias`, width);
  add(`${layer}.intermediate.dense.bias`, 64);
  add(`${layer}.output.dense.bias`, width);
  const norms = ['attention.output.LayerNorm', 'output.LayerNorm'].map(
    (norm) => `${layer}.${norm}`,
  );
  for (const norm of ['embeddings.LayerNorm', ...norms]) {
    add(`${norm}.weight`, width);
    add(`${norm}.bias`, width);
  }
  return tensors;
}

async function converted() {
  const parts: Uint8Array[] = [];
  for await (const part of encodeGguf(await bertToGguf(files))) parts.push(part);
  const bytes = Buffer.concat(parts);
  return { bytes, header: parseHeader(bytes, bytes.length) };
}

describe('bertToGguf', () => {
  it('names and shapes the tensors as llama.cpp wants them', async () => {
    const { header } = await converted();
    const tensor = (name: string) => header.tensors.find((one) => one.name === name);
    expect(header.tensors).toHaveLength(3 + 2 + 16);
    expect(tensor('token_embd.weight')).toMatchObject({
      type: 'Q8_0',
      shape: [width, tokens.length],
    });
    expect(tensor('position_embd.weight')).toMatchObject({ type: 'F32', shape: [width, 16] });
    expect(tensor('blk.0.ffn_up.weight')).toMatchObject({ type: 'F16', shape: [width, 64] });
    expect(tensor('blk.0.ffn_down.weight')).toMatchObject({ type: 'F16', shape: [64, width] });
    expect(tensor('blk.0.layer_output_norm.bias')).toMatchObject({ type: 'F32', shape: [width] });
  });

  it('keeps the numbers', async () => {
    const { bytes, header } = await converted();
    const bias = header.tensors.find(({ name }) => name === 'blk.0.attn_q.bias')!;
    const numbers = Array.from({ length: width }, (_, i) => bytes.readFloatLE(bias.offset + i * 4));
    expect(numbers).toEqual(tinyBert()['encoder.layer.0.attention.self.query.bias']!.values);
  });

  it('marks where words begin instead of where they go on', async () => {
    const { header } = await converted();
    expect(header.array('tokenizer.ggml.tokens')?.values()).toEqual([
      ...tokens.slice(0, 5),
      '▁!',
      '▁stage',
      'd',
      '▁é',
    ]);
    expect(header.array('tokenizer.ggml.token_type')?.values()).toEqual([
      3, 3, 3, 3, 3, 1, 1, 1, 1,
    ]);
    expect(header.number('tokenizer.ggml.seperator_token_id')).toBe(3);
    expect(header.number('tokenizer.ggml.bos_token_id')).toBe(2);
  });

  it('says which file lacks what', async () => {
    writeFileSync(files.config, JSON.stringify({ ...config, hidden_size: 'wide' }));
    await expect(bertToGguf(files)).rejects.toThrow(/config\.json: it has no number hidden_size/);
    writeFileSync(files.config, 'no JSON');
    await expect(bertToGguf(files)).rejects.toThrow(/config\.json: it is not JSON/);
    writeFileSync(files.config, JSON.stringify({ ...config, num_hidden_layers: 2 }));
    await expect(bertToGguf(files)).rejects.toThrow(/it has no encoder\.layer\.1/);
    writeFileSync(files.vocabulary, 'a\nb\n');
    await expect(bertToGguf(files)).rejects.toThrow(/vocab\.txt: it has no token \[CLS\]/);
    await expect(bertToGguf({ ...files, vocabulary: '/nowhere' })).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
  });
});
