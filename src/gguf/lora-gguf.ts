import { DramatisError } from '../errors.ts';
import { checkLoadable } from './check-loadable.ts';
import { HeaderCut } from './cursor.ts';
import { encodeGguf, type GgufContents, gguf } from './encode-gguf.ts';
import { encodeTensor } from './encode-tensor.ts';
import { evenRanks } from './even-ranks.ts';
import { fromBfloat, fromHalf } from './floats.ts';
import type { GgufHeader, GgufTensor } from './header.ts';
import { HeaderFault, parseHeader } from './parse-header.ts';

/** A change of one matrix of the base by `alpha / rank · B · A`. */
export interface LoraMatrix {
  /** Name of the base's tensor, such as "blk.0.attn_q.weight". */
  readonly name: string;
  readonly in: number;
  readonly out: number;
  /** rank × in, row-major. */
  readonly a: Float32Array;
  /** out × rank, row-major. */
  readonly b: Float32Array;
}

export interface LoraTensors {
  readonly rank: number;
  readonly alpha: number;
  readonly matrices: readonly LoraMatrix[];
}

/** A LoRA file, read: its numbers, and what it says of itself. */
export interface LoraFile extends LoraTensors {
  readonly architecture: string;
  /** The keys under "dramatis.", without that prefix. */
  readonly provenance: Readonly<Record<string, string | number | boolean>>;
}

const provenancePrefix = 'dramatis.';

/**
 * A LoRA adapter as llama.cpp reads it, with what made it under keys of our own, which llama.cpp passes over.
 *
 * @param type F16 halves the file; F32 keeps the numbers as trained.
 * @returns For `encodeGguf`.
 * @throws {RangeError} If a matrix has not as many numbers as its sizes and the rank make.
 */
export function loraGguf(
  { architecture, provenance, rank, alpha, matrices }: LoraFile,
  type: 'F32' | 'F16' = 'F32',
): GgufContents {
  for (const { name, in: width, out, a, b } of matrices) {
    if (a.length !== rank * width || b.length !== out * rank) {
      throw new RangeError(
        `"${name}" has ${a.length} and ${b.length} numbers, not ${rank} × ${width} and ${out} × ${rank}`,
      );
    }
  }
  const own = Object.entries(provenance).map(([key, value]) => [
    `${provenancePrefix}${key}`,
    typeof value === 'string'
      ? gguf.text(value)
      : typeof value === 'boolean'
        ? gguf.bool(value)
        : ({ type: 'float64', value } as const),
  ]);
  return {
    metadata: {
      'general.type': gguf.text('adapter'),
      'general.architecture': gguf.text(architecture),
      'adapter.type': gguf.text('lora'),
      'adapter.lora.alpha': gguf.float32(alpha),
      ...Object.fromEntries(own),
    },
    tensors: matrices.flatMap(({ name, in: width, out, a, b }) => [
      { name: `${name}.lora_a`, type, shape: [width, rank], data: () => encodeTensor(a, type) },
      { name: `${name}.lora_b`, type, shape: [rank, out], data: () => encodeTensor(b, type) },
    ]),
  };
}

/** The whole file in memory: an adapter is small. */
export async function encodeLora(file: LoraFile, type: 'F32' | 'F16' = 'F32'): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeGguf(loraGguf(file, type))) parts.push(part);
  return Buffer.concat(parts);
}

/**
 * Reads a LoRA file whole. What it holds is checked as far as it can be without its base: pairs, ranks, lengths and
 * that every number is finite.
 *
 * @param from How messages call it: a path.
 * @throws {DramatisError} GGUF_INVALID, with what is wrong.
 */
export function decodeLora(bytes: Uint8Array, from: string): LoraFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const refuse = (reason: string): never => {
    throw new DramatisError('GGUF_INVALID', `${from}: ${reason}`);
  };
  const header = headerOf(buffer, refuse);
  if (header.text('general.type') !== 'adapter' || header.text('adapter.type') !== 'lora') {
    refuse('this GGUF file is not a LoRA adapter');
  }
  if (header.array('adapter.alora.invocation_tokens')) {
    refuse('it switches itself on at certain tokens (aLoRA)');
  }
  const architecture = header.architecture ?? refuse('it names no architecture');
  // As llama.cpp reads it: without an alpha, or with 0, each pair counts as it stands.
  const alpha = header.number('adapter.lora.alpha') ?? 0;
  if (!Number.isFinite(alpha) || alpha < 0) refuse(`its alpha is ${alpha}`);
  const matrices = matricesOf(header, buffer, refuse);
  if (matrices.length === 0) refuse('it holds no matrices');
  return { architecture, provenance: provenanceOf(header), ...evened(matrices, alpha) };
}

/** One rank and one alpha for all: a file may hold pairs of several ranks, each divided by its own. */
function evened(matrices: readonly LoraMatrix[], alpha: number): LoraTensors {
  const ranks = matrices.map(({ a, in: width }) => a.length / width);
  const rank = ranks[0]!;
  if (alpha > 0 && ranks.every((one) => one === rank)) return { rank, alpha, matrices };
  return evenRanks(
    matrices.map((matrix, i) => ({
      ...matrix,
      rank: ranks[i]!,
      scale: alpha > 0 ? alpha / ranks[i]! : 1,
    })),
  );
}

function headerOf(bytes: Buffer, refuse: (reason: string) => never): GgufHeader {
  try {
    const header = parseHeader(bytes, bytes.length);
    checkLoadable(header);
    return header;
  } catch (error) {
    if (error instanceof HeaderCut) {
      return refuse(`truncated: the header goes on beyond the ${bytes.length} bytes there are`);
    }
    if (error instanceof HeaderFault) return refuse(error.message);
    throw error;
  }
}

function provenanceOf(header: GgufHeader): Record<string, string | number | boolean> {
  const own = [...header.metadata].flatMap(([key, entry]) =>
    key.startsWith(provenancePrefix) && entry.type !== 'array' && typeof entry.value !== 'bigint'
      ? [[key.slice(provenancePrefix.length), entry.value] as const]
      : [],
  );
  return Object.fromEntries(own);
}

function matricesOf(
  header: GgufHeader,
  bytes: Buffer,
  refuse: (reason: string) => never,
): LoraMatrix[] {
  const parts = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  const names = new Set<string>();
  for (const { name, shape } of header.tensors) {
    const half =
      /^(.+)\.lora_[ab]$/.exec(name) ?? refuse(`its tensor "${name}" is no half of a pair`);
    if (shape.length > 2) refuse(`"${name}" is ${shape.join(' × ')}, not a matrix`);
    names.add(half[1]!);
  }
  return [...names].map((name) => {
    const a = parts.get(`${name}.lora_a`) ?? refuse(`"${name}" has no lora_a`);
    const b = parts.get(`${name}.lora_b`) ?? refuse(`"${name}" has no lora_b`);
    const [width, rank] = [a.shape[0]!, a.shape[1] ?? 1];
    if (b.shape[0] !== rank) refuse(`"${name}" has A of rank ${rank} and B of ${b.shape[0]}`);
    return {
      name,
      in: width,
      out: b.shape[1] ?? 1,
      a: numbersOf(a, bytes, refuse),
      b: numbersOf(b, bytes, refuse),
    };
  });
}

function numbersOf(
  { name, type, offset, bytes: length }: GgufTensor,
  bytes: Buffer,
  refuse: (reason: string) => never,
): Float32Array {
  const decode =
    decoders[type] ?? refuse(`"${name}" is of type ${type}; F32, F16 or BF16 is wanted`);
  const values = decode(bytes.subarray(offset, offset + length));
  // One NaN would poison every logit of a session.
  if (!values.every(Number.isFinite)) refuse(`"${name}" holds a number that is not finite`);
  return values;
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Float32Array>> = {
  F32(bytes) {
    const values = new Float32Array(bytes.length / 4);
    for (let i = 0; i < values.length; i++) values[i] = bytes.readFloatLE(i * 4);
    return values;
  },
  F16: (bytes) => halves(bytes, 'F16', fromHalf),
  BF16: (bytes) => halves(bytes, 'BF16', fromBfloat),
};

/** By type: what each of the 65,536 patterns of two bytes means. An adapter has millions of numbers. */
const tables = new Map<string, Float32Array>();

function halves(bytes: Buffer, type: string, meaning: (bits: number) => number): Float32Array {
  const table =
    tables.get(type) ?? Float32Array.from({ length: 1 << 16 }, (_, bits) => meaning(bits));
  tables.set(type, table);
  const values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = table[bytes[2 * i]! | (bytes[2 * i + 1]! << 8)]!;
  }
  return values;
}
