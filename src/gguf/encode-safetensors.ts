import { encodeTensor } from './encode-tensor.ts';

export interface SafetensorInput {
  readonly name: string;
  /** The outermost first. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A safetensors file of F32 numbers, whole: its header is padded so that they lie at multiples of 8. */
export function encodeSafetensors(tensors: readonly SafetensorInput[]): Uint8Array {
  let at = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const offsets = [at, at + values.length * 4];
    at += values.length * 4;
    return [name, { dtype: 'F32', shape, data_offsets: offsets }];
  });
  const json = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) });
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([
    length,
    header,
    ...tensors.map(({ values }) => encodeTensor(values, 'F32')),
  ]);
}
