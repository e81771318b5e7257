/** How a tensor's numbers are stored: `block` consecutive elements of a row take `bytes` bytes. */
export interface TensorType {
  readonly name: string;
  /** The number by which a file names it. */
  readonly id: number;
  readonly block: number;
  readonly bytes: number;
}

/**
 * Every type ggml can read, with its numbers from `ggml.h` and its block sizes from `ggml-common.h`;
 * the numbers missing are types ggml has removed.
 */
const types: readonly (readonly [id: number, name: string, block: number, bytes: number])[] = [
  [0, 'F32', 1, 4],
  [1, 'F16', 1, 2],
  [2, 'Q4_0', 32, 18],
  [3, 'Q4_1', 32, 20],
  [6, 'Q5_0', 32, 22],
  [7, 'Q5_1', 32, 24],
  [8, 'Q8_0', 32, 34],
  [9, 'Q8_1', 32, 36],
  [10, 'Q2_K', 256, 84],
  [11, 'Q3_K', 256, 110],
  [12, 'Q4_K', 256, 144],
  [13, 'Q5_K', 256, 176],
  [14, 'Q6_K', 256, 210],
  [15, 'Q8_K', 256, 292],
  [16, 'IQ2_XXS', 256, 66],
  [17, 'IQ2_XS', 256, 74],
  [18, 'IQ3_XXS', 256, 98],
  [19, 'IQ1_S', 256, 50],
  [20, 'IQ4_NL', 32, 18],
  [21, 'IQ3_S', 256, 110],
  [22, 'IQ2_S', 256, 82],
  [23, 'IQ4_XS', 256, 136],
  [24, 'I8', 1, 1],
  [25, 'I16', 1, 2],
  [26, 'I32', 1, 4],
  [27, 'I64', 1, 8],
  [28, 'F64', 1, 8],
  [29, 'IQ1_M', 256, 56],
  [30, 'BF16', 1, 2],
  [34, 'TQ1_0', 256, 54],
  [35, 'TQ2_0', 256, 66],
  [39, 'MXFP4', 32, 17],
  [40, 'NVFP4', 64, 36],
  [41, 'Q1_0', 128, 18],
  [42, 'Q2_0', 64, 18],
];

/** All types that ggml can read. */
export const tensorTypes: readonly TensorType[] = types.map(([id, name, block, bytes]) => ({
  id,
  name,
  block,
  bytes,
}));
const byId = new Map(tensorTypes.map((type) => [type.id, type]));
const byName = new Map(tensorTypes.map((type) => [type.name, type]));

export function tensorTypeById(id: number): TensorType | undefined {
  return byId.get(id);
}

/** @throws {RangeError} If ggml has no type of this name. */
export function tensorType(name: string): TensorType {
  const type = byName.get(name);
  if (!type) throw new RangeError(`no tensor type is called "${name}"`);
  return type;
}

/**
 * Bytes of a tensor of this type and shape.
 *
 * @param shape Elements in each dimension, the innermost (a row) first, as ggml orders them.
 * @throws {RangeError} If a row is not a whole number of blocks.
 */
export function tensorBytes(type: TensorType, shape: readonly number[]): number {
  const row = shape[0] ?? 1;
  if (row % type.block !== 0) {
    throw new RangeError(
      `a row of ${row} is not a multiple of ${type.block}, as ${type.name} wants`,
    );
  }
  return (shape.reduce((product, n) => product * n, 1) / type.block) * type.bytes;
}
