import { Cursor } from './cursor.ts';
import { type GgufArray, GgufHeader, type GgufTensor, type GgufValue } from './header.ts';
import { tensorTypeById } from './tensor-types.ts';
import {
  defaultAlignment,
  type GgufScalarType,
  magic,
  maxDimensions,
  maxNameBytes,
  valueBytes,
  valueTypes,
} from './value-types.ts';

/**
 * The most a header may hold. Far above what models have, far below what makes a reader
 * allocate without end: the loader's own limits are a thousand times these.
 */
const limits = {
  keys: 100_000,
  tensors: 1_000_000,
  keyBytes: 65_535,
  stringBytes: 10_000_000,
  elements: 1_000_000,
  alignment: 1 << 20,
} as const;

/** What is wrong with a header, in words that follow "FILE: ". */
export class HeaderFault extends Error {}

function refuse(message: string): never {
  throw new HeaderFault(message);
}

/**
 * Parses and checks a header. Everything the loader in C++ takes on trust, or answers by aborting,
 * is refused here, so that a hostile file never reaches it.
 *
 * @param bytes     The first bytes of the file, in which the whole header lies.
 * @param fileBytes Length of the file, against which every tensor is checked.
 * @throws {HeaderFault} If something is wrong.
 * @throws {HeaderCut}   If the header goes on beyond `bytes`.
 */
export function parseHeader(bytes: Buffer, fileBytes: number): GgufHeader {
  const cursor = new Cursor(bytes);
  const version = parsePreamble(cursor);
  const tensorCount = cursor.count();
  if (tensorCount > limits.tensors)
    refuse(`${tensorCount} tensors; at most ${limits.tensors} are read`);
  const keyCount = cursor.count();
  if (keyCount > limits.keys) refuse(`${keyCount} metadata keys; at most ${limits.keys} are read`);

  const metadata = parseMetadata(cursor, keyCount);
  const alignment = alignmentOf(metadata);
  const infos = parseTensors(cursor, tensorCount);
  const dataOffset = alignUp(cursor.at, alignment);
  const tensors = place(infos, { dataOffset, alignment, fileBytes });
  return new GgufHeader({ version, metadata, tensors, dataOffset, fileBytes });
}

function parsePreamble(cursor: Cursor): number {
  const found = cursor.uint32();
  if (found !== magic) {
    const start = cursor.bytes.toString('latin1', 0, 4).replaceAll(/[^ -~]/g, '.');
    refuse(`not a GGUF file: it starts with "${start}"`);
  }
  const version = cursor.uint32();
  if (version === 2 || version === 3) return version;
  const isSwapped = version !== 0 && (version & 0xffff) === 0;
  if (isSwapped) return refuse('it was written for a big-endian machine');
  return refuse(`GGUF version ${version}; versions 2 and 3 can be read`);
}

function parseMetadata(cursor: Cursor, count: number): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const length = cursor.count();
    if (length === 0) refuse(`metadata key ${i + 1} is empty`);
    if (length > limits.keyBytes) refuse(`metadata key ${i + 1} has ${length} bytes`);
    const key = cursor.text(length);
    if (metadata.has(key)) refuse(`metadata key "${key}" is there twice`);
    const type = valueTypes[cursor.uint32()];
    if (!type) refuse(`metadata key "${key}" has an unknown type`);
    metadata.set(key, type === 'array' ? parseArray(cursor, key) : parseSingle(cursor, key, type));
  }
  return metadata;
}

function parseSingle(cursor: Cursor, key: string, type: GgufScalarType): GgufValue {
  checkScalar(cursor, key, type);
  return { type, value: cursor.scalar(type) };
}

function parseArray(cursor: Cursor, key: string): GgufArray {
  const elementType = valueTypes[cursor.uint32()];
  if (!elementType || elementType === 'array') {
    return refuse(`metadata key "${key}" is an array of an unknown type or of arrays`);
  }
  const length = cursor.count();
  if (length > limits.elements) {
    refuse(`metadata key "${key}" has ${length} elements; at most ${limits.elements} are read`);
  }
  const { bytes, at: start } = cursor;
  if (elementType === 'string' || elementType === 'bool') {
    for (let i = 0; i < length; i++) skipChecked(cursor, key, elementType);
  } else {
    cursor.skip(length * valueBytes[elementType]);
  }
  const values = () => {
    const again = new Cursor(bytes, start);
    return Array.from({ length }, () => again.scalar(elementType));
  };
  return { type: 'array', elementType, length, bytes: bytes.subarray(start, cursor.at), values };
}

function skipChecked(cursor: Cursor, key: string, type: 'string' | 'bool'): void {
  checkScalar(cursor, key, type);
  cursor.skip(type === 'string' ? cursor.count() : 1);
}

/** Looks at the next value without moving on: a string too long, or a bool that is neither 0 nor 1. */
function checkScalar(cursor: Cursor, key: string, type: GgufScalarType): void {
  const { at } = cursor;
  if (type === 'string') {
    const length = cursor.count();
    if (length > limits.stringBytes) refuse(`metadata key "${key}" has a text of ${length} bytes`);
  } else if (type === 'bool') {
    const value = cursor.bytes[cursor.skip(1)]!;
    if (value > 1) refuse(`metadata key "${key}" is a truth value of ${value}`);
  }
  cursor.at = at;
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const entry = metadata.get('general.alignment');
  if (!entry) return defaultAlignment;
  if (entry.type !== 'uint32')
    return refuse(`general.alignment is of type ${entry.type}, not uint32`);
  const alignment = Number(entry.value);
  const isPowerOfTwo = alignment > 0 && (alignment & (alignment - 1)) === 0;
  if (!isPowerOfTwo || alignment > limits.alignment) {
    refuse(`general.alignment is ${alignment}, not a power of two`);
  }
  return alignment;
}

interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** From the start of the data, as the file has it. */
  readonly relative: number;
  readonly bytes: number;
}

function parseTensors(cursor: Cursor, count: number): TensorInfo[] {
  const infos: TensorInfo[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const length = cursor.count();
    if (length === 0) refuse(`tensor ${i + 1} has no name`);
    if (length >= maxNameBytes) {
      refuse(
        `tensor ${i + 1} has a name of ${length} bytes; fewer than ${maxNameBytes} are allowed`,
      );
    }
    const name = cursor.text(length);
    if (name.includes('\0')) refuse(`tensor ${i + 1} has a zero byte in its name`);
    if (names.has(name)) refuse(`tensor "${name}" is there twice`);
    names.add(name);
    infos.push({ name, ...parseTensor(cursor, name) });
  }
  return infos;
}

function parseTensor(cursor: Cursor, name: string): Omit<TensorInfo, 'name'> {
  const dimensions = cursor.uint32();
  if (dimensions === 0 || dimensions > maxDimensions) {
    refuse(`tensor "${name}" has ${dimensions} dimensions; 1 to ${maxDimensions} are allowed`);
  }
  const shape: number[] = [];
  let elements = 1;
  for (let d = 0; d < dimensions; d++) {
    const extent = cursor.count();
    if (extent === 0) refuse(`tensor "${name}" has an extent of 0`);
    shape.push(extent);
    elements *= extent; // both exact below 2⁵³; beyond, still far above any file's length
    if (elements > Number.MAX_SAFE_INTEGER) refuse(`tensor "${name}" has too many elements`);
  }
  const id = cursor.uint32();
  const type = tensorTypeById(id);
  if (!type) return refuse(`tensor "${name}" is of type ${id}, which is not known`);
  if (shape[0]! % type.block !== 0) {
    refuse(
      `tensor "${name}" has rows of ${shape[0]}, not whole blocks of ${type.block} (${type.name})`,
    );
  }
  const relative = cursor.count();
  return { type: type.name, shape, relative, bytes: (elements / type.block) * type.bytes };
}

/** Checks that the tensors lie one after another, as the loader assumes, and inside the file. */
function place(
  infos: readonly TensorInfo[],
  file: { dataOffset: number; alignment: number; fileBytes: number },
): GgufTensor[] {
  let expected = 0;
  return infos.map(({ name, type, shape, relative, bytes }) => {
    if (relative !== expected) {
      refuse(`tensor "${name}" is at offset ${relative} of the data; ${expected} was expected`);
    }
    const offset = file.dataOffset + relative;
    if (offset + bytes > file.fileBytes) {
      refuse(
        `truncated: tensor "${name}" ends at byte ${offset + bytes}, the file has ${file.fileBytes}`,
      );
    }
    expected += alignUp(bytes, file.alignment);
    return { name, type, shape, offset, bytes };
  });
}

/** Rounds up to a multiple of a power of two; exact beyond 32 bits too. */
export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}
