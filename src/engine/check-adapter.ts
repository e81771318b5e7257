import { DramatisError } from '../errors.ts';
import type { GgufHeader, GgufTensor } from '../gguf/header.ts';
import { readHeader } from '../gguf/read-header.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import type { AdapterScope, LoraFacts } from './adapter.ts';

/**
 * Checks the header of a LoRA file against the model `base`: everything that ggml would assert on is refused here. The
 * numbers of its matrices are checked when they are loaded.
 *
 * @param mostRank The highest rank that the bank takes.
 * @throws {DramatisError} ADAPTER_MISMATCH with the reason; GGUF_INVALID, FILE_MISSING.
 */
export async function checkAdapter(
  path: string,
  base: GgufHeader,
  mostRank: number,
): Promise<LoraFacts> {
  const header = await readHeader(path);
  const refuse: Refuse = (reason, remedy) => {
    const help = remedy === undefined ? {} : { remedy };
    throw new DramatisError('ADAPTER_MISMATCH', `${path}: ${reason}`, help);
  };
  if (header.text('general.type') !== 'adapter' || header.text('adapter.type') !== 'lora') {
    refuse('this GGUF file is not a LoRA adapter', remedies.kind);
  }
  if (header.architecture !== base.architecture) {
    refuse(`it was made for ${header.architecture}, the model is ${base.architecture}`);
  }
  const tokenizer = header.text('dramatis.tokenizer.sha256');
  if (tokenizer !== undefined && tokenizer !== tokenizerHash(base)) {
    refuse('it was trained with another tokenizer than the model has');
  }
  if (header.array('adapter.alora.invocation_tokens')) {
    refuse('it activates itself at certain tokens (aLoRA), which is not supported', remedies.kind);
  }
  checkNoPaths(header, refuse);
  // As llama.cpp reads it: without an alpha, or with 0, each pair counts as it stands.
  const alpha = header.number('adapter.lora.alpha') ?? 0;
  if (!Number.isFinite(alpha) || alpha < 0)
    refuse(`its alpha is ${alpha}; a number above 0 is wanted`, remedies.kind);
  const rank = checkPairs(header, base, refuse);
  if (rank > mostRank) {
    refuse(
      `its rank is ${rank}, and the highest that the bank takes is ${mostRank}`,
      `Import it: "dramatis adapters import FILE" brings it to rank ${mostRank} and tells what is lost.`,
    );
  }
  if (alpha / rank > mostScale)
    refuse(
      `its alpha is ${alpha} for rank ${rank}: more than ${mostScale} times what it was trained to add`,
      remedies.kind,
    );
  const other = header.tensors.find(({ type }) => !['F32', 'F16', 'BF16'].includes(type));
  if (other)
    refuse(`"${other.name}" is of type ${other.type}; F32, F16 or BF16 is wanted`, remedies.type);
  return { rank, alpha: alpha === 0 ? rank : alpha, scope: scopeOf(header, refuse) };
}

/** Adapters have an alpha of a few times their rank at most; with more the numbers overflow. */
const mostScale = 1000;

type Refuse = (reason: string, remedy?: string) => never;

/** What helps, by what is wrong; where it is the base, the code's own remedy does. */
const remedies = {
  kind: 'Give a LoRA adapter of the usual kind, or leave --adapter out.',
  type: "Convert it once more, with --outtype f16 of llama.cpp's convert_lora_to_gguf.py.",
  matrix:
    'Merge it into its base and give the whole model with --model, or train it again on the matrices of the layers alone.',
} as const;

/** Refuses metadata that is a path: it points at the machine the adapter was made on, or wants to be followed. */
function checkNoPaths(header: GgufHeader, refuse: Refuse): void {
  for (const key of header.metadata.keys()) {
    if (!/^(adapter|dramatis)\./.test(key)) continue;
    const value = header.text(key);
    if (value !== undefined && looksLikePath.test(value))
      refuse(`its "${key}" is a path; it may hold data of its own only`);
  }
}

/** Matches paths that begin at a root, a drive or a home, or go through a folder above. */
const looksLikePath = /^(\/|~|[A-Za-z]:[\\/]|\\\\|file:)|(^|[\\/])\.\.?[\\/]/;

function scopeOf(header: GgufHeader, refuse: Refuse): AdapterScope | undefined {
  const scope = header.text('dramatis.adapter.scope');
  if (scope === undefined || scope === 'context' || scope === 'turn') return scope;
  return refuse(`its scope is "${scope}"; "context" and "turn" are known`);
}

/** Checks that every A has its B, that both fit one matrix of the base, and that ranks agree: A is [in, rank], B is [rank, out]. */
function checkPairs(header: GgufHeader, base: GgufHeader, refuse: Refuse): number {
  const matrices = new Map(base.tensors.map((tensor) => [tensor.name, tensor]));
  const parts = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  let highest = 0;
  for (const { name } of header.tensors) {
    const target = name.replace(/\.lora_[ab]$/, '');
    if (target === name)
      refuse(`its tensor "${name}" is not half of a pair; names end in .lora_a and .lora_b`);
    if (!adaptable.test(target)) {
      refuse(
        `it changes "${target}"; adapters of the matrices of a layer are supported`,
        remedies.matrix,
      );
    }
    const a = parts.get(`${target}.lora_a`) ?? refuse(`"${target}" has no lora_a`);
    const b = parts.get(`${target}.lora_b`) ?? refuse(`"${target}" has no lora_b`);
    const matrix = matrices.get(target) ?? refuse(`the model has no tensor "${target}"`);
    const rank = a.shape[1] ?? 1;
    if (rank === 0) refuse(`the pair of "${target}" has rank 0; 1 or more is wanted`);
    if (a.shape.length > 2 || b.shape.length > 2)
      refuse(`the pair of "${target}" has more than two dimensions`);
    const fits =
      a.shape[0] === matrix.shape[0] &&
      (b.shape[1] ?? 1) === (matrix.shape[1] ?? 1) &&
      b.shape[0] === rank;
    if (!fits) {
      refuse(
        `"${target}" is ${shape(matrix)} in the model; A ${shape(a)} and B ${shape(b)} do not fit it`,
      );
    }
    highest = Math.max(highest, rank);
  }
  if (highest === 0) refuse('it holds no matrices');
  return highest;
}

/** Matrices that AdapterBank in native/core/bank has room for. */
const adaptable = /^blk\.\d+\.(attn_(q|k|v|qkv|output)|ffn_(gate|up|down))\.weight$/;

const shape = ({ shape }: GgufTensor): string => shape.join(' × ');
