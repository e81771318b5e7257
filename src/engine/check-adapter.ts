import { open } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { fromBfloat, fromHalf } from '../gguf/floats.ts';
import type { GgufHeader, GgufTensor } from '../gguf/header.ts';
import { readHeader } from '../gguf/read-header.ts';
import type { AdapterScope, LoraFacts } from './adapter.ts';

/** What a LoRA file must be to be loaded on `base`; everything ggml would assert on is refused here. */
export async function checkAdapter(path: string, base: GgufHeader): Promise<LoraFacts> {
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
  const alpha = header.number('adapter.lora.alpha') ?? refuse('it names no alpha');
  if (!Number.isFinite(alpha) || alpha <= 0) refuse(`its alpha is ${alpha}`);
  const rank = checkPairs(header, base, refuse);
  await checkNumbers(path, header.tensors, refuse);
  return { rank, alpha, scope: scopeOf(header, refuse) };
}

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
    const a = parts.get(`${target}.lora_a`) ?? refuse(`"${target}" has no lora_a`);
    const b = parts.get(`${target}.lora_b`) ?? refuse(`"${target}" has no lora_b`);
    const matrix = matrices.get(target) ?? refuse(`the model has no tensor "${target}"`);
    const rank = a.shape[1] ?? 1;
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

const shape = ({ shape }: GgufTensor): string => shape.join(' × ');

/** A single NaN would poison every logit of the session: looked for before the load. */
async function checkNumbers(
  path: string,
  tensors: readonly GgufTensor[],
  refuse: (why: string) => never,
): Promise<void> {
  await using file = await open(path);
  for (const tensor of tensors) {
    const bytes = Buffer.alloc(tensor.bytes);
    await file.read(bytes, 0, bytes.length, tensor.offset);
    const isBad = badNumber[tensor.type];
    if (isBad?.(bytes)) refuse(`"${tensor.name}" holds a number that is not finite`);
  }
}

const badNumber: Record<string, (bytes: Buffer) => boolean> = {
  F32: (bytes) => anyBad(bytes, 4, (at) => bytes.readFloatLE(at)),
  F16: (bytes) => anyBad(bytes, 2, (at) => fromHalf(bytes.readUInt16LE(at))),
  BF16: (bytes) => anyBad(bytes, 2, (at) => fromBfloat(bytes.readUInt16LE(at))),
};

function anyBad(bytes: Buffer, width: number, at: (offset: number) => number): boolean {
  for (let offset = 0; offset < bytes.length; offset += width) {
    if (!Number.isFinite(at(offset))) return true;
  }
  return false;
}
