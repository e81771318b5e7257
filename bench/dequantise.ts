import { open } from 'node:fs/promises';
import { encodeGguf, type GgufInput } from '#dramatis/gguf/encode-gguf.js';
import { encodeTensor } from '#dramatis/gguf/encode-tensor.js';
import { fromHalf } from '#dramatis/gguf/floats.js';
import { readHeader } from '#dramatis/gguf/read-header.js';
import { writeAtomic } from '#dramatis/store/write-atomic.js';

/**
 * Writes a model with the very numbers of another in a plainer type: F32 has them exactly. What has one dimension, norms
 * and biases, stays as it is.
 *
 * @throws {RangeError} For a type that no model of the catalogue has.
 */
export async function dequantise(from: string, to: string, type: 'F32' | 'F16'): Promise<void> {
  const header = await readHeader(from);
  await using file = await open(from);
  const metadata = [...header.metadata].map(([key, entry]): [string, GgufInput] => [
    key,
    entry.type === 'array' && 'values' in entry
      ? { type: entry.elementType, array: entry.values() }
      : (entry as GgufInput),
  ]);
  const tensors = header.tensors.map(({ name, type: stored, shape, offset, bytes }) => ({
    name,
    type: shape.length === 1 ? stored : type,
    shape,
    async data(): Promise<Uint8Array> {
      const raw = Buffer.alloc(bytes);
      await file.read(raw, 0, bytes, offset);
      return shape.length === 1 ? raw : encodeTensor(numbersOf(raw, stored), type);
    },
  }));
  await writeAtomic(to, encodeGguf({ metadata: Object.fromEntries(metadata), tensors }));
}

/** Numbers of a block, from its bytes at `at` into `out` at `to`. */
type Block = (raw: Buffer, at: number, out: Float32Array, to: number) => void;

/** As `dequantize_row_*` of llama.cpp's ggml-quants.c has them: numbers and bytes of a block, and how it is read. */
const blocks: Readonly<Record<string, readonly [numbers: number, bytes: number, read: Block]>> = {
  F32: [1, 4, (raw, at, out, to) => (out[to] = raw.readFloatLE(at))],
  F16: [1, 2, (raw, at, out, to) => (out[to] = half(raw, at))],
  Q8_0: [
    32,
    34,
    (raw, at, out, to) => {
      const scale = half(raw, at);
      for (let i = 0; i < 32; i++) out[to + i] = scale * raw.readInt8(at + 2 + i);
    },
  ],
  Q4_1: [
    32,
    20,
    (raw, at, out, to) => {
      const [scale, least] = [half(raw, at), half(raw, at + 2)];
      for (let i = 0; i < 16; i++) {
        const byte = raw[at + 4 + i]!;
        out[to + i] = f(f((byte & 15) * scale) + least);
        out[to + i + 16] = f(f((byte >> 4) * scale) + least);
      }
    },
  ],
  Q5_0: [
    32,
    22,
    (raw, at, out, to) => {
      const scale = half(raw, at);
      const high = raw.readUInt32LE(at + 2);
      for (let i = 0; i < 16; i++) {
        const byte = raw[at + 6 + i]!;
        out[to + i] = (((byte & 15) | (((high >>> i) & 1) << 4)) - 16) * scale;
        out[to + i + 16] = (((byte >> 4) | (((high >>> (i + 16)) & 1) << 4)) - 16) * scale;
      }
    },
  ],
  Q4_K: [256, 144, readQ4K],
  Q6_K: [256, 210, readQ6K],
};

/** Eight parts of 32 with a scale and a least number of six bits each. */
function readQ4K(raw: Buffer, at: number, out: Float32Array, to: number): void {
  const [scale, least] = [half(raw, at), half(raw, at + 2)];
  const packed = raw.subarray(at + 4, at + 16);
  for (let part = 0; part < 8; part++) {
    const isLow = part < 4;
    const six = isLow
      ? packed[part]! & 63
      : (packed[part + 4]! & 15) | ((packed[part - 4]! >> 6) << 4);
    const sixLeast = isLow
      ? packed[part + 4]! & 63
      : (packed[part + 4]! >> 4) | ((packed[part]! >> 6) << 4);
    const [d, m] = [f(scale * six), f(least * sixLeast)];
    for (let i = 0; i < 32; i++) {
      const byte = raw[at + 16 + 32 * (part >> 1) + i]!;
      out[to + 32 * part + i] = f(f(d * (part & 1 ? byte >> 4 : byte & 15)) - m);
    }
  }
}

/** Sixteen parts of 16 with a scale of eight bits each; the four low bits and the two high ones lie apart. */
function readQ6K(raw: Buffer, at: number, out: Float32Array, to: number): void {
  const scale = half(raw, at + 208);
  for (let i = 0; i < 256; i++) {
    const [whole, rest] = [i >> 7, i & 127];
    const low = raw[at + 64 * whole + (rest & 63)]!;
    const high = raw[at + 128 + 32 * whole + (rest & 31)]!;
    const value = (rest < 64 ? low & 15 : low >> 4) | (((high >> (2 * (rest >> 5))) & 3) << 4);
    out[to + i] = f(f(scale * raw.readInt8(at + 192 + (i >> 4))) * (value - 32));
  }
}

function numbersOf(raw: Buffer, type: string): Float32Array {
  const block = blocks[type];
  if (!block) throw new RangeError(`no model of the catalogue has ${type}`);
  const [numbers, bytes, read] = block;
  const out = new Float32Array((raw.length / bytes) * numbers);
  for (let at = 0, to = 0; at < raw.length; at += bytes, to += numbers) read(raw, at, out, to);
  return out;
}

const half = (raw: Buffer, at: number): number => fromHalf(raw.readUInt16LE(at));
const f = Math.fround;
