/** A safetensors file of F32 tensors, put together by hand. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, { shape: readonly number[]; values: readonly number[] }>>,
): Buffer {
  const data = Object.entries(tensors).map(([name, { shape, values }]) => ({
    name,
    shape,
    bytes: Buffer.from(Float32Array.from(values).buffer),
  }));
  let at = 0;
  const entries = data.map(({ name, shape, bytes }) => {
    const offsets = [at, at + bytes.length];
    at += bytes.length;
    return [name, { dtype: 'F32', shape, data_offsets: offsets }];
  });
  const header = Buffer.from(JSON.stringify({ __metadata__: {}, ...Object.fromEntries(entries) }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...data.map(({ bytes }) => bytes)]);
}
