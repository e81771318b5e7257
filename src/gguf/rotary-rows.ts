import type { GgufHeader } from './header.ts';

/**
 * Whether the rows of q and k lie otherwise in GGUF than in Hugging Face's files. Rotary embedding turns pairs of
 * numbers: there the halves of a head are paired, in GGUF's "llama" neighbours are, so the converter has moved rows.
 */
const rowsMoved: Readonly<Record<string, boolean>> = {
  llama: true,
  qwen2: false,
  qwen3: false,
  gemma3: false,
};

export interface RowOrder {
  /** 0: the rows stay. */
  readonly heads: number;
  readonly rank: number;
  readonly to: 'gguf' | 'peft';
}

/**
 * The rows of B in the other order. In each head of 2n rows, Hugging Face's row s·n + i (half s) is GGUF's 2i + s.
 *
 * @param b Rows × rank, row-major.
 * @throws {RangeError} If the rows are not as many for each head, and even.
 */
export function moveRows(b: Float32Array, { heads, rank, to }: RowOrder): Float32Array {
  if (heads === 0) return b;
  const half = b.length / rank / heads / 2;
  if (!Number.isInteger(half)) {
    throw new RangeError(`${b.length / rank} rows are not ${heads} heads of two halves`);
  }
  const moved = new Float32Array(b.length);
  for (let head = 0; head < heads; head++) {
    for (let side = 0; side < 2; side++) {
      for (let i = 0; i < half; i++) {
        const peft = (head * 2 + side) * half + i;
        const gguf = head * 2 * half + 2 * i + side;
        const [from, at] = to === 'gguf' ? [peft, gguf] : [gguf, peft];
        moved.set(b.subarray(from * rank, (from + 1) * rank), at * rank);
      }
    }
  }
  return moved;
}

/**
 * How many heads the rows of a matrix belong to, or 0 if they lie alike in both.
 *
 * @param refuse Called with the reason where that is not known.
 */
export function headsOf(name: string, base: GgufHeader, refuse: (reason: string) => never): number {
  const architecture = base.architecture ?? '';
  const isMoved = rowsMoved[architecture];
  if (isMoved === undefined) {
    const known = Object.keys(rowsMoved).join(', ');
    return refuse(`the base is ${architecture}; how PEFT's rows lie is known for ${known}`);
  }
  const of = /\.attn_([qk])\.weight$/.exec(name)?.[1];
  if (!isMoved || !of) return 0;
  const heads = base.number(`${architecture}.attention.head_count`) ?? 0;
  const shared = base.number(`${architecture}.attention.head_count_kv`) ?? heads;
  const found = of === 'q' ? heads : shared;
  return found > 0 ? found : refuse(`the base names no number of heads for "${name}"`);
}
