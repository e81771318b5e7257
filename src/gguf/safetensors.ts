import { type FileHandle, open } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { fromBfloat, fromHalf } from './floats.ts';

/** A tensor of a safetensors file; its numbers are read when asked for. */
export interface Safetensor {
  readonly name: string;
  readonly dtype: Dtype;
  /** Elements in each dimension, the outermost first (row-major): the reverse of ggml's order. */
  readonly shape: readonly number[];
  /** @throws {DramatisError} FILE_MISSING if the file can no longer be read. */
  read(): Promise<Float32Array>;
}

type Dtype = 'F32' | 'F16' | 'BF16' | 'F64' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

const dtypeBytes: Readonly<Record<Dtype, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

const maxHeaderBytes = 100_000_000;

/**
 * Reads and checks the header of a safetensors file: 8 bytes of length, that much JSON, then the numbers,
 * without gaps.
 *
 * @returns The tensors by name.
 * @throws {DramatisError} FILE_MISSING; GGUF_INVALID if the file is not what it should be.
 */
export async function readSafetensors(path: string): Promise<Map<string, Safetensor>> {
  const file = await openOrThrow(path);
  try {
    const { size } = await file.stat();
    const lead = await readAt(file, 0, 8);
    const headerBytes = lead.length === 8 ? Number(lead.readBigUInt64LE()) : Number.NaN;
    if (!(headerBytes <= Math.min(maxHeaderBytes, size - 8))) {
      throw invalid(path, 'not a safetensors file, or cut');
    }
    const header = parseHeader(path, await readAt(file, 8, headerBytes));
    return checked(path, header, { start: 8 + headerBytes, end: size });
  } finally {
    await file.close();
  }
}

function parseHeader(path: string, bytes: Buffer): [name: string, info: unknown][] {
  let header: unknown;
  try {
    header = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalid(path, 'its header is not JSON');
  }
  if (typeof header !== 'object' || header === null)
    throw invalid(path, 'its header is not an object');
  return Object.entries(header).filter(([name]) => name !== '__metadata__');
}

function checked(
  path: string,
  header: readonly [name: string, info: unknown][],
  data: { start: number; end: number },
): Map<string, Safetensor> {
  const infos = header.map(([name, info]) => ({ name, ...checkInfo(path, name, info) }));
  infos.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of infos) {
    if (begin !== at) throw invalid(path, `tensor "${name}" starts at ${begin}, not at ${at}`);
    at = end;
  }
  if (data.start + at !== data.end) {
    throw invalid(path, `its tensors end at byte ${data.start + at}, the file has ${data.end}`);
  }
  return new Map(
    infos.map(({ name, dtype, shape, begin, end }) => {
      const read = () => readNumbers(path, dtype, data.start + begin, end - begin);
      return [name, { name, dtype, shape, read }];
    }),
  );
}

interface Info {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkInfo(path: string, name: string, info: unknown): Info {
  const { dtype, shape, data_offsets: offsets } = (info ?? {}) as Record<string, unknown>;
  if (!isDtype(dtype))
    throw invalid(path, `tensor "${name}" is of type ${dtype}, which is not known`);
  if (!isCounts(shape)) throw invalid(path, `tensor "${name}" has no proper shape`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw invalid(path, `tensor "${name}" has no proper offsets`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, n) => product * n, dtypeBytes[dtype]);
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) {
    throw invalid(path, `tensor "${name}" has ${end - begin} bytes; its shape makes ${bytes}`);
  }
  return { dtype, shape, begin, end };
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(dtypeBytes, value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

async function readNumbers(
  path: string,
  dtype: Dtype,
  offset: number,
  length: number,
): Promise<Float32Array> {
  const file = await openOrThrow(path);
  try {
    const bytes = await readAt(file, offset, length);
    if (bytes.length !== length) throw invalid(path, 'it was cut while it was read');
    return decode(bytes, dtype);
  } finally {
    await file.close();
  }
}

function decode(bytes: Buffer, dtype: Dtype): Float32Array {
  const step = dtypeBytes[dtype];
  const at = readerOf(bytes, dtype);
  const values = new Float32Array(bytes.length / step);
  for (let i = 0; i < values.length; i++) values[i] = at(i * step);
  return values;
}

function readerOf(bytes: Buffer, dtype: Dtype): (offset: number) => number {
  switch (dtype) {
    case 'F32':
      return (at) => bytes.readFloatLE(at);
    case 'F16':
      return (at) => fromHalf(bytes.readUInt16LE(at));
    case 'BF16':
      return (at) => fromBfloat(bytes.readUInt16LE(at));
    case 'F64':
      return (at) => bytes.readDoubleLE(at);
    case 'I64':
      return (at) => Number(bytes.readBigInt64LE(at));
    case 'I32':
      return (at) => bytes.readInt32LE(at);
    case 'I16':
      return (at) => bytes.readInt16LE(at);
    case 'I8':
      return (at) => bytes.readInt8(at);
    case 'U8':
    case 'BOOL':
      return (at) => bytes.readUInt8(at);
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function openOrThrow(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause: error });
  }
}

function invalid(path: string, reason: string): DramatisError {
  return new DramatisError('GGUF_INVALID', `${path}: ${reason}`);
}
