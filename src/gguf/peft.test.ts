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
    await expect(read({})).rejects.toMatchObject({
      message: expect.stringMatching(/holds no matrices/),
      remedy: expect.stringMatching(/save_pretrained/),
    });
    const half = `${q}.lora_a`;
    await expect(read({ [half]: { shape: [1, 64], values: zeros(64) } })).rejects.toMatchObject({
      remedy: expect.stringMatching(/lora_A\.weight and lora_B\.weight/),
    });
    await expect(readPeft(join(folder, 'nowhere'), base)).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
  });

  it('with ranks and alphas of their own counts as PEFT counts it', async () => {
    const k = q.replace('q_proj', 'k_proj');
    const tensors = {
      [`${q}.lora_A.weight`]: { shape: [2, 64], values: zeros(128).map((_, i) => i) },
      [`${q}.lora_B.weight`]: { shape: [64, 2], values: zeros(128).fill(1) },
      [`${k}.lora_A.weight`]: { shape: [1, 64], values: zeros(64).fill(3) },
      [`${k}.lora_B.weight`]: { shape: [32, 1], values: zeros(32).fill(1) },
    };
    const config = JSON.stringify({
      peft_type: 'LORA',
      r: 1,
      lora_alpha: 1,
      rank_pattern: { q_proj: 2 },
      alpha_pattern: { '.*\\.0\\.self_attn.q_proj': 8 },
    });
    const { rank, alpha, matrices } = await read(tensors, config);
    // q counts 8/2 = 4, k 1/1: the higher one of both is for all, and k's B is a quarter.
    expect({ rank, alpha }).toEqual({ rank: 2, alpha: 8 });
    const [ofK, ofQ] = matrices;
    expect(new Set(ofQ!.b)).toEqual(new Set([1]));
    expect([...ofK!.b.subarray(0, 4)]).toEqual([0.25, 0, 0.25, 0]);
    expect([...ofK!.a.subarray(62, 66)]).toEqual([3, 3, 0, 0]);
  });

  it('has the same numbers under whatever wraps its modules, and whatever it is called', async () => {
    const plainly = await read(pair);
    for (const change of [
      (name: string) => name.replace('layers.0.', 'layers.0._orig_mod.'),
      (name: string) => name.replace('layers.0.', 'layers.0._fsdp_wrapped_module.'),
      (name: string) => name.replace('base_model.', 'module._orig_mod.base_model.'),
      (name: string) => name.replace('.weight', '.hamlet.weight'),
      (name: string) => name.replace('base_model.model.', ''),
      (name: string) => name.replace('base_model.model.model.', ''),
      (name: string) => name.replace('model.layers', 'model.language_model.layers'),
    ]) {
      const renamed = Object.fromEntries(
        Object.entries(pair).map(([name, value]) => [change(name), value]),
      );
      expect(await read(renamed), change(`${q}.lora_A.weight`)).toEqual(plainly);
    }
    const two = { ...pair, [`${q}.lora_A.other.weight`]: pair[`${q}.lora_A.weight`]! };
    await expect(read(two)).rejects.toThrow(/several adapters: default, other/);
  });

  it('that cannot be taken is refused with what helps for that reason', async () => {
    const refusal = async (config: object, tensors: Parameters<typeof read>[0] = pair) =>
      read(tensors, JSON.stringify({ ...JSON.parse(plain), ...config })).then(
        () => 'taken',
        (error: { remedy: string }) => error.remedy,
      );
    expect(await refusal({ use_dora: true })).toMatch(/merge_and_unload.* without use_dora/);
    expect(await refusal({ modules_to_save: ['lm_head'] })).toMatch(/without modules_to_save/);
    const head = { 'base_model.model.lm_head.lora_A.weight': { shape: [1, 2], values: [0, 0] } };
    expect(await refusal({}, head)).toMatch(/merge_and_unload.* target_modules of the layers/);
    const at = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(at, peftFiles.config), plain);
    writeFileSync(join(at, 'adapter_model.bin'), 'a pickle');
    await expect(readPeft(at, base)).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      remedy: expect.stringMatching(/safe_serialization=True/),
    });
  });

  it('with rank-stabilised scaling keeps its scale', () => {
    const config = JSON.stringify({ peft_type: 'LORA', r: 16, lora_alpha: 8, use_rslora: true });
    expect(checkPeftConfig(config, 'c.json').pairOf('q_proj')).toEqual({ rank: 16, scale: 2 }); // 8 / √16
  });

  it('that a LoRA file cannot say is refused in one line', () => {
    const cases: [object, RegExp][] = [
      [{ use_dora: true }, /DoRA/],
      [{ bias: 'all' }, /biases/],
      [{ modules_to_save: ['lm_head'] }, /modules_to_save/],
      [{ rank_pattern: { '(q+)+': 4 } }, /rank_pattern "\(q\+\)\+" cannot be read/],
      [{ alpha_pattern: { q_proj: 0 } }, /alpha_pattern gives "q_proj" 0/],
      [{ init_lora_weights: 'pissa_niter_4' }, /initialising changed the base/],
      [{ alora_invocation_tokens: [1, 2] }, /aLoRA/],
      [{ peft_type: 'IA3' }, /not a LoRA/],
      [{ r: 0 }, /rank is 0/],
      [{ lora_alpha: -1 }, /alpha is -1/],
      [{ use_qalora: true }, /not plain LoRA/],
    ];
    for (const [change, reason] of cases) {
      const config = JSON.stringify({ ...JSON.parse(plain), ...change });
      const refusal = expect.objectContaining({
        code: 'ADAPTER_MISMATCH',
        message: expect.stringMatching(reason),
      });
      expect(() => checkPeftConfig(config, 'c.json')).toThrow(refusal);
    }
    const unsaid = checkPeftConfig('\ufeff{"peft_type": "LORA", "r": 4}', 'c.json');
    expect(unsaid.pairOf('q_proj')).toEqual({ rank: 4, scale: 2 });
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
