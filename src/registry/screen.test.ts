import { beforeAll, describe, expect, it } from 'vitest';
import type { LoraFile } from '../gguf/lora-gguf.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import { tinyBase, tinyDetails, tinyLora } from '../testing/models/tiny-adapter.ts';
import { type Base, screen } from './screen.ts';
import type { VersionDetails } from './version.ts';

let base: Base;
beforeAll(async () => {
  base = await tinyBase();
});
const faults = (lora: Partial<LoraFile>, details: Partial<VersionDetails> = {}) =>
  screen(
    tinyLora(1, lora),
    base,
    tinyDetails(base, { templateVersion: 1, ...details }),
    tokenizerHash(base.header),
  );

describe('screen', () => {
  it('finds nothing in a file that fits, with provenance or without', () => {
    const provenance = {
      'base.sha256': base.sha256,
      'tokenizer.sha256': tokenizerHash(base.header),
      form: 'script',
      template_version: 1,
    };
    expect(faults({ provenance })).toEqual([]);
    expect(faults({ provenance: {} })).toEqual([]);
  });

  it('names the wrong base, tokenizer, form, template and architecture', () => {
    const x = 'f'.repeat(64);
    expect(faults({ provenance: { 'base.sha256': x } })).toMatchObject([
      expect.stringContaining(x),
    ]);
    expect(faults({ provenance: { 'tokenizer.sha256': x } })).toHaveLength(1);
    expect(faults({ provenance: { form: 'chat' } })).toEqual([
      'the form it was trained in is chat, not script',
    ]);
    expect(faults({ provenance: { template_version: 7 } })).toEqual([
      'the template version it was trained with is 7, not 1',
    ]);
    expect(faults({ architecture: 'qwen3' })).toEqual([
      'the architecture it was made for is qwen3, not llama',
    ]);
    expect(faults({}, { base: { sha256: x, name: 'other' } })).toHaveLength(1);
    expect(faults({}, { tokenizer: x })).toHaveLength(1);
  });

  it('names every matrix that does not fit', () => {
    const [q, up] = tinyLora(1).matrices as [LoraFile['matrices'][0], LoraFile['matrices'][0]];
    const matrices = [
      { ...q, out: 5, b: new Float32Array(5) },
      { ...up, name: 'blk.9.ffn_up.weight' },
    ];
    expect(faults({ matrices })).toEqual([
      '"blk.0.attn_q.weight" is 4 × 4 in the base, 4 × 5 in the adapter',
      'the base has no tensor "blk.9.ffn_up.weight"',
    ]);
  });

  it('lets pass a higher rank than a matrix has, which LoRA allows', () => {
    const [q] = tinyLora(1).matrices as [LoraFile['matrices'][0]];
    const high = { ...q, a: new Float32Array(20), b: new Float32Array(20) };
    expect(faults({ rank: 5, matrices: [high] })).toEqual([]);
  });
});
