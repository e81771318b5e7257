import { toHalf } from './floats.ts';

/** The types in which we write tensors. */
export type WrittenType = 'F32' | 'F16' | 'Q8_0';

/**
 * @param values Row-major; for Q8_0 rows of a multiple of 32.
 * @returns The bytes as ggml reads them, little-endian.
 */
export function encodeTensor(values: Float32Array, type: WrittenType): Uint8Array {
  switch (type) {
    case 'F32':
      return encodeFloats(values);
    case 'F16':
      return encodeHalves(values);
    case 'Q8_0':
      return encodeQ8(values);
  }
}

function encodeFloats(values: Float32Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i]!, i * 4);
  return bytes;
}

function encodeHalves(values: Float32Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(values.length * 2);
  for (let i = 0; i < values.length; i++) bytes.writeUInt16LE(toHalf(values[i]!), i * 2);
  return bytes;
}

const blockElements = 32;
const blockBytes = 34;

/**
 * Blocks of 32: a half-precision scale, then 32 signed bytes, the largest of which is ±127.
 *
 * Every step rounds to single precision and halves away from zero, so that the bytes are those of ggml's
 * reference quantiser.
 */
function encodeQ8(values: Float32Array): Uint8Array {
  if (values.length % blockElements !== 0) {
    throw new RangeError(`${values.length} values are not whole blocks of ${blockElements}`);
  }
  const bytes = Buffer.allocUnsafe((values.length / blockElements) * blockBytes);
  let at = 0;
  for (let start = 0; start < values.length; start += blockElements) {
    let largest = 0;
    for (let i = start; i < start + blockElements; i++) {
      largest = Math.max(largest, Math.abs(values[i]!));
    }
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    bytes.writeUInt16LE(toHalf(scale), at);
    for (let i = 0; i < blockElements; i++) {
      const scaled = Math.fround(values[start + i]! * inverse);
      bytes[at + 2 + i] = Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5);
    }
    at += blockBytes;
  }
  return bytes;
}
