import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import type { GgufHeader } from './header.ts';
import { decodeLora, type LoraTensors } from './lora-gguf.ts';
import { encodePeft, peftFiles, readPeft } from './peft.ts';
import { checkPeftConfig } from './peft-config.ts';
import { readHeader } from './read-header.ts';
import { encodeSafetensors } from './safetensors.test.support.ts';
import { readSafetensors } from './safetensors.ts';

let folder = '';
let base: GgufHeader;
let lora: LoraTensors;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-peft-'));
  await writeTinyModel(join(folder, 'base.gguf'));
  await writeTinyAdapter(join(folder, 'lora.gguf'), { rank: 4, alpha: 8 });
  base = await readHeader(join(folder, 'base.gguf'));
  lora = decodeLora(readFileSync(join(folder, 'lora.gguf')), 'lora.gguf');
});

function saved({ config, weights }: { config: string; weights: Uint8Array }): string {
  const at = mkdtempSync(join(folder, 'peft-'));
  writeFileSync(join(at, peftFiles.config), config);
  writeFileSync(join(at, peftFiles.weights), weights);
  return at;
}

describe('An adapter written for PEFT', () => {
  it('comes back the same', async () => {
    const { config, ...read } = await readPeft(saved(encodePeft(lora, base, 'tiny')), base);
    expect(read).toMatchObject({ rank: 4, alpha: 8 });
    expect(config).toMatchObject({ peft_type: 'LORA', base_model_name_or_path: 'tiny' });
    const byName = new Map(read.matrices.map((matrix) => [matrix.name, matrix]));
    expect(byName.size).toBe(14);
    for (const matrix of lora.matrices) expect(byName.get(matrix.name)).toEqual(matrix);
  });

  it('has the names, shapes and row order of Hugging Face', async () => {
    const at = saved(encodePeft(lora, base, 'tiny'));
    const tensors = await readSafetensors(join(at, peftFiles.weights));
    const b = tensors.get('base_model.model.model.layers.1.self_attn.k_proj.lora_B.weight')!;
    expect(b.shape).toEqual([32, 4]);
    const ours = lora.matrices.find(({ name }) => name === 'blk.1.attn_k.weight')!.b;
    // Two heads of 16 rows: row 8 there, the first of the second half, is row 1 here.
    expect([...(await b.read()).subarray(8 * 4, 9 * 4)]).toEqual([...ours.subarray(4, 8)]);
    const down = tensors.get('base_model.model.model.layers.0.mlp.down_proj.lora_A.weight')!;
    expect(down.shape).toEqual([4, 128]);
  });

  it('is refused where a matrix has no name there', () => {
    const output = { ...lora.matrices[0]!, name: 'output.weight' };
    expect(() => encodePeft({ ...lora, matrices: [output] }, base, 'tiny')).toThrow(
      /"output.weight" has no name there/,
    );
  });
});

describe('An adapter from PEFT', () => {
  const q = 'base_model.model.model.layers.0.self_attn.q_proj';
  const plain = JSON.stringify({ peft_type: 'LORA', r: 1, lora_alpha: 2 });
  const zeros = (length: number) => Array.from({ length }, () => 0);
  const pair = {
    [`${q}.lora_A.weight`]: { shape: [1, 64], values: zeros(64) },
    [`${q}.lora_B.weight`]: { shape: [64, 1], values: zeros(64) },
  };
  const read = (tensors: Parameters<typeof encodeSafetensors>[0], config = plain) =>
    readPeft(saved({ config, weights: encodeSafetensors(tensors) }), base);

  it('without one half, of another rank or for another module is refused by name', async () => {
    await expect(read({ [`${q}.lora_A.weight`]: pair[`${q}.lora_A.weight`]! })).rejects.toThrow(
      /"blk.0.attn_q.weight" has no lora_B/,
    );
    const two = JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 2 });
    await expect(read(pair, two)).rejects.toThrow(/ranks 1 and 1; the configuration says 2/);
    const embedding = 'base_model.model.model.embed_tokens.lora_embedding_A';
    await expect(read({ [embedding]: { shape: [1, 2], values: [0, 0] } })).rejects.toThrow(
      /embed_tokens.* is no matrix that can be adapted/,
    );
    const eye = 'base_model.model.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj';
    await expect(
      read({ [`${eye}.lora_A.weight`]: { shape: [1, 64], values: zeros(64) } }),
    ).rejects.toThrow(/vision_tower.* is no matrix that can be adapted/);
    await expect(read({})).rejects.toThrow(/holds no matrices/);
    await expect(readPeft(join(folder, 'nowhere'), base)).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
  });

  it('with rank-stabilised scaling keeps its scale', () => {
    const config = JSON.stringify({ peft_type: 'LORA', r: 16, lora_alpha: 8, use_rslora: true });
    expect(checkPeftConfig(config, 'c.json')).toMatchObject({ rank: 16, alpha: 32 }); // 8/√16 = 32/16
  });

  it('that a LoRA file cannot say is refused in one line', () => {
    const cases: [object, RegExp][] = [
      [{ use_dora: true }, /DoRA/],
      [{ bias: 'all' }, /biases/],
      [{ modules_to_save: ['lm_head'] }, /modules_to_save/],
      [{ rank_pattern: { q_proj: 4 } }, /differs from matrix to matrix/],
      [{ init_lora_weights: 'pissa_niter_4' }, /initialising changed the base/],
      [{ alora_invocation_tokens: [1, 2] }, /aLoRA/],
      [{ peft_type: 'IA3' }, /not a LoRA/],
      [{ r: 0 }, /rank is 0/],
      [{ lora_alpha: -1 }, /alpha is -1/],
    ];
    for (const [change, reason] of cases) {
      const config = JSON.stringify({ ...JSON.parse(plain), ...change });
      const refusal = expect.objectContaining({
        code: 'ADAPTER_MISMATCH',
        message: expect.stringMatching(reason),
      });
      expect(() => checkPeftConfig(config, 'c.json')).toThrow(refusal);
    }
    expect(() => checkPeftConfig('[1]', 'c.json')).toThrow(/not a JSON object/);
    const usual = {
      bias: 'none',
      modules_to_save: null,
      rank_pattern: {},
      init_lora_weights: true,
    };
    expect(() =>
      checkPeftConfig(JSON.stringify({ ...JSON.parse(plain), ...usual }), 'c'),
    ).not.toThrow();
  });
});
