import { DramatisError } from '../errors.ts';
import type { GgufHeader, GgufTensor } from '../gguf/header.ts';
import { readHeader } from '../gguf/read-header.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import type { AdapterScope, LoraFacts } from './adapter.ts';

/**
 * What the header of a LoRA file must say for it to be loaded on `base`; everything ggml would assert on is refused here.
 * Its numbers are looked at when they are loaded.
 *
 * @param mostRank The highest that the bank takes.
 * @throws {DramatisError} ADAPTER_MISMATCH with the reason; GGUF_INVALID, FILE_MISSING.
 */
export async function checkAdapter(
  path: string,
  base: GgufHeader,
  mostRank: number,
): Promise<LoraFacts> {
  const header = await readHeader(path);
  const refuse = (reason: string): never => {
    throw new DramatisError('ADAPTER_MISMATCH', `${path}: ${reason}`);
  };
  if (header.text('general.type') !== 'adapter' || header.text('adapter.type') !== 'lora') {
    refuse('this GGUF file is not a LoRA adapter');
  }
  if (header.architecture !== base.architecture) {
    refuse(`it was made for ${header.architecture}, the model is ${base.architecture}`);
  }
  const tokenizer = header.text('dramatis.tokenizer.sha256');
  if (tokenizer !== undefined && tokenizer !== tokenizerHash(base)) {
    refuse('it was trained with another tokenizer than the model has');
  }
  if (header.array('adapter.alora.invocation_tokens')) {
    refuse('it switches itself on at certain tokens (aLoRA)');
  }
  checkNoPaths(header, refuse);
  const alpha = header.number('adapter.lora.alpha') ?? refuse('it names no alpha');
  if (!Number.isFinite(alpha) || alpha <= 0) refuse(`its alpha is ${alpha}`);
  const rank = checkPairs(header, base, refuse);
  if (rank > mostRank) {
    throw new DramatisError(
      'ADAPTER_MISMATCH',
      `${path}: its rank is ${rank}, and the highest that the bank takes is ${mostRank}`,
      { remedy: 'Open the model with more `adapters.rank`, or train a smaller adapter.' },
    );
  }
  const other = header.tensors.find(({ type }) => !['F32', 'F16', 'BF16'].includes(type));
  if (other) refuse(`"${other.name}" is of type ${other.type}; F32, F16 or BF16 is wanted`);
  return { rank, alpha, scope: scopeOf(header, refuse) };
}

/** A path in what an adapter says of itself is of the machine it was made on, or wants to be followed: neither is data. */
function checkNoPaths(header: GgufHeader, refuse: (why: string) => never): void {
  for (const key of header.metadata.keys()) {
    if (!/^(adapter|dramatis)\./.test(key)) continue;
    const value = header.text(key);
    if (value !== undefined && looksLikePath.test(value)) refuse(`its "${key}" is a path`);
  }
}

/** From a root, a drive or a home, or through a folder above. */
const looksLikePath = /^(\/|~|[A-Za-z]:[\\/]|\\\\|file:)|(^|[\\/])\.\.?[\\/]/;

function scopeOf(header: GgufHeader, refuse: (why: string) => never): AdapterScope | undefined {
  const scope = header.text('dramatis.adapter.scope');
  if (scope === undefined || scope === 'context' || scope === 'turn') return scope;
  return refuse(`its scope is "${scope}"; "context" and "turn" are known`);
}

/** Every A has its B, both fit one matrix of the base, and the ranks agree: A is [in, rank], B is [rank, out]. */
function checkPairs(header: GgufHeader, base: GgufHeader, refuse: (why: string) => never): number {
  const matrices = new Map(base.tensors.map((tensor) => [tensor.name, tensor]));
  const parts = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  let highest = 0;
  for (const { name } of header.tensors) {
    const target = name.replace(/\.lora_[ab]$/, '');
    if (target === name) refuse(`its tensor "${name}" is no half of a pair`);
    if (!adaptable.test(target)) {
      refuse(`it changes "${target}"; adapters of the matrices of a layer are supported`);
    }
    const a = parts.get(`${target}.lora_a`) ?? refuse(`"${target}" has no lora_a`);
    const b = parts.get(`${target}.lora_b`) ?? refuse(`"${target}" has no lora_b`);
    const matrix = matrices.get(target) ?? refuse(`the model has no tensor "${target}"`);
    const rank = a.shape[1] ?? 1;
    if (rank === 0) refuse(`"${target}" is of rank 0`);
    if (a.shape.length > 2 || b.shape.length > 2) refuse(`"${target}" is no matrix`);
    const fits =
      a.shape[0] === matrix.shape[0] &&
      (b.shape[1] ?? 1) === (matrix.shape[1] ?? 1) &&
      b.shape[0] === rank;
    if (!fits) {
      refuse(
        `"${target}" is ${shape(matrix)} in the model; A ${shape(a)} and B ${shape(b)} do not fit`,
      );
    }
    highest = Math.max(highest, rank);
  }
  if (highest === 0) refuse('it holds no matrices');
  return highest;
}

/** As AdapterBank in native/core/bank has places for. */
const adaptable = /^blk\.\d+\.(attn_(q|k|v|qkv|output)|ffn_(gate|up|down))\.weight$/;

const shape = ({ shape }: GgufTensor): string => shape.join(' × ');
