import { alignUp } from './parse-header.ts';
import { tensorBytes, tensorType } from './tensor-types.ts';
import {
  defaultAlignment,
  type GgufScalar,
  type GgufScalarType,
  magic,
  maxDimensions,
  maxNameBytes,
  valueBytes,
  valueTypes,
  writtenVersion,
} from './value-types.ts';

/** A metadata value to write; `array` marks a list of values of `type`. */
export type GgufInput =
  | { readonly type: GgufScalarType; readonly value: GgufScalar }
  | { readonly type: GgufScalarType; readonly array: readonly GgufScalar[] };

export interface GgufTensorInput {
  readonly name: string;
  /** Such as "Q8_0". */
  readonly type: string;
  /** Elements in each dimension, the innermost (a row) first, as ggml orders them. */
  readonly shape: readonly number[];
  /** Called when its turn to be written comes, so that one tensor at a time is in memory. */
  readonly data: () => Uint8Array | Promise<Uint8Array>;
}

export interface GgufContents {
  readonly metadata: Readonly<Record<string, GgufInput>>;
  readonly tensors: readonly GgufTensorInput[];
}

export const gguf = {
  text: (value: string): GgufInput => ({ type: 'string', value }),
  texts: (array: readonly string[]): GgufInput => ({ type: 'string', array }),
  uint32: (value: number): GgufInput => ({ type: 'uint32', value }),
  int32s: (array: readonly number[]): GgufInput => ({ type: 'int32', array }),
  float32: (value: number): GgufInput => ({ type: 'float32', value }),
  bool: (value: boolean): GgufInput => ({ type: 'bool', value }),
} as const;

/**
 * The bytes of a GGUF file, a piece at a time: `writeAtomic(path, encodeGguf(contents))`.
 *
 * @throws {RangeError} If a name is too long, a shape does not suit its type, or the data of a tensor is not of
 *   the length that they make; the first two before any byte.
 */
export async function* encodeGguf(contents: GgufContents): AsyncGenerator<Uint8Array, void> {
  const head = encodeHead(contents);
  yield head;
  yield padding(head.length);
  for (const { name, type, shape, data } of contents.tensors) {
    const bytes = await data();
    const expected = tensorBytes(tensorType(type), shape);
    if (bytes.length !== expected) {
      throw new RangeError(`tensor "${name}" has ${bytes.length} bytes of data, not ${expected}`);
    }
    yield bytes;
    yield padding(bytes.length);
  }
}

function padding(length: number): Uint8Array {
  return new Uint8Array(alignUp(length, defaultAlignment) - length);
}

function encodeHead({ metadata, tensors }: GgufContents): Buffer {
  const entries = Object.entries(metadata);
  const parts = [
    integer('uint32', magic),
    integer('uint32', writtenVersion),
    integer('uint64', tensors.length),
    integer('uint64', entries.length),
    ...entries.flatMap(([key, value]) => [scalar('string', key), ...encodeValue(value)]),
  ];
  let offset = 0;
  for (const { name, type, shape } of tensors) {
    if (Buffer.byteLength(name) >= maxNameBytes) {
      throw new RangeError(`tensor name "${name}" has ${maxNameBytes} bytes or more`);
    }
    if (shape.length === 0 || shape.length > maxDimensions) {
      throw new RangeError(
        `tensor "${name}" has ${shape.length} dimensions, not 1 to ${maxDimensions}`,
      );
    }
    const { id } = tensorType(type);
    parts.push(scalar('string', name), integer('uint32', shape.length));
    parts.push(...shape.map((extent) => integer('uint64', extent)));
    parts.push(integer('uint32', id), integer('uint64', offset));
    offset += alignUp(tensorBytes(tensorType(type), shape), defaultAlignment);
  }
  return Buffer.concat(parts);
}

function encodeValue(input: GgufInput): Buffer[] {
  if (!('array' in input)) {
    return [integer('uint32', valueTypes.indexOf(input.type)), scalar(input.type, input.value)];
  }
  return [
    integer('uint32', valueTypes.indexOf('array')),
    integer('uint32', valueTypes.indexOf(input.type)),
    integer('uint64', input.array.length),
    ...input.array.map((value) => scalar(input.type, value)),
  ];
}

function scalar(type: GgufScalarType, value: GgufScalar): Buffer {
  switch (type) {
    case 'string': {
      const text = Buffer.from(String(value));
      return Buffer.concat([integer('uint64', text.length), text]);
    }
    case 'float32': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(Number(value));
      return bytes;
    }
    case 'float64': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(Number(value));
      return bytes;
    }
    case 'bool':
      return Buffer.from([value ? 1 : 0]);
    default:
      return integer(type, typeof value === 'bigint' ? value : Number(value));
  }
}

/** @throws {RangeError} If the value does not fit. */
function integer(type: Exclude<GgufScalarType, 'string'>, value: number | bigint): Buffer {
  const bytes = Buffer.alloc(valueBytes[type]);
  const isSigned = type.startsWith('int');
  if (bytes.length === 8) {
    if (isSigned) bytes.writeBigInt64LE(BigInt(value));
    else bytes.writeBigUInt64LE(BigInt(value));
  } else if (isSigned) bytes.writeIntLE(Number(value), 0, bytes.length);
  else bytes.writeUIntLE(Number(value), 0, bytes.length);
  return bytes;
}
