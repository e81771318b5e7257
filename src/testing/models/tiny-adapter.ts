import { encodeGguf, gguf } from '../../gguf/encode-gguf.ts';
import { encodeLora, type LoraFile } from '../../gguf/lora-gguf.ts';
import { parseHeader } from '../../gguf/parse-header.ts';
import { tokenizerHash } from '../../gguf/tokenizer-hash.ts';
import type { Base } from '../../registry/screen.ts';
import type { Figure, VersionDetails } from '../../registry/version.ts';

/** A base of two matrices, 4 × 4, without a number in it that matters. */
export async function tinyBase(): Promise<Base> {
  const parts: Uint8Array[] = [];
  const matrix = (name: string) => ({
    name,
    type: 'F32',
    shape: [4, 4],
    data: () => new Uint8Array(64),
  });
  const contents = {
    metadata: {
      'general.architecture': gguf.text('llama'),
      'tokenizer.ggml.tokens': gguf.texts(['to', 'be']),
    },
    tensors: [matrix('blk.0.attn_q.weight'), matrix('blk.0.ffn_up.weight')],
  };
  for await (const part of encodeGguf(contents)) parts.push(part);
  const bytes = Buffer.concat(parts);
  return { sha256: 'b'.repeat(64), header: parseHeader(bytes, bytes.length) };
}

/** An adapter of the tiny base; another seed is another file. */
export function tinyLora(seed: number, change: Partial<LoraFile> = {}): LoraFile {
  const numbers = (at: number) =>
    Float32Array.from({ length: 4 }, (_, i) => 1 + ((seed >> at) + i) / 1024);
  return {
    architecture: 'llama',
    provenance: { seed },
    rank: 1,
    alpha: 1,
    matrices: ['blk.0.attn_q.weight', 'blk.0.ffn_up.weight'].map((name) => ({
      name,
      in: 4,
      out: 4,
      a: numbers(0),
      b: numbers(8),
    })),
    ...change,
  };
}

export const tinyBytes = (seed: number): Promise<Buffer> => encodeLora(tinyLora(seed));

export function tinyDetails(base: Base, change: Partial<VersionDetails> = {}): VersionDetails {
  return {
    play: 'salt-road',
    character: 'MIRA',
    edition: 'e'.repeat(64),
    base: { sha256: base.sha256, name: 'tiny' },
    tokenizer: tokenizerHash(base.header),
    data: 'd'.repeat(64),
    recipe: { rank: 1, epochs: 2 },
    form: 'script',
    templateVersion: 1,
    scope: 'context',
    layer: 'character',
    metrics: {},
    by: 'a test',
    ...change,
  };
}

export const figure = (value: number, margin = 0.01): Figure => ({
  value,
  low: value - margin,
  high: value + margin,
  n: 40,
});

/** What the gate lets pass. */
export const goodMetrics = {
  'bits gain': figure(0.06),
  'voice AUC': figure(0.8),
  'keep change': figure(0.002),
  recited: figure(0),
};
