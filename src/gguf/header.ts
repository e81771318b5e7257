import type { GgufScalar, GgufScalarType } from './value-types.ts';

/** A metadata array; its elements are decoded only when asked for, since a vocabulary has 10⁵ of them. */
export interface GgufArray {
  readonly type: 'array';
  readonly elementType: GgufScalarType;
  readonly length: number;
  /** The elements as the file has them; a part of the header, which stays in memory with it. */
  readonly bytes: Buffer;
  /** Decodes every element. */
  values(): GgufScalar[];
}

export interface GgufSingle {
  readonly type: GgufScalarType;
  readonly value: GgufScalar;
}

export type GgufValue = GgufSingle | GgufArray;

export interface GgufTensor {
  readonly name: string;
  /** Such as "Q4_1"; see tensor-types.ts. */
  readonly type: string;
  /** Elements in each dimension, the innermost (a row) first, as ggml orders them; 1 to 4 of them. */
  readonly shape: readonly number[];
  /** Position of its first byte, from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** All of a GGUF file but its numbers. */
export class GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  /** Position of the first tensor's first byte, from the start of the file. */
  readonly dataOffset: number;
  /** Size of the whole file. */
  readonly fileBytes: number;

  constructor(parts: {
    version: number;
    metadata: ReadonlyMap<string, GgufValue>;
    tensors: readonly GgufTensor[];
    dataOffset: number;
    fileBytes: number;
  }) {
    this.version = parts.version;
    this.metadata = parts.metadata;
    this.tensors = parts.tensors;
    this.dataOffset = parts.dataOffset;
    this.fileBytes = parts.fileBytes;
  }

  /** The text under `key`; undefined if there is none or it is not a string. */
  text(key: string): string | undefined {
    const entry = this.metadata.get(key);
    return entry && entry.type !== 'array' && typeof entry.value === 'string'
      ? entry.value
      : undefined;
  }

  /** The number under `key`; undefined if there is none or it is not a number held exactly. */
  number(key: string): number | undefined {
    const entry = this.metadata.get(key);
    return entry && entry.type !== 'array' && typeof entry.value === 'number'
      ? entry.value
      : undefined;
  }

  array(key: string): GgufArray | undefined {
    const entry = this.metadata.get(key);
    return entry?.type === 'array' ? entry : undefined;
  }

  /** Such as "llama"; undefined for a file that names none, which nothing loads. */
  get architecture(): string | undefined {
    return this.text('general.architecture');
  }

  /** Numbers in all tensors together. */
  get parameters(): number {
    return this.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  }
}
