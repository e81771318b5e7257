/** What a metadata value can be, in the order of the numbers by which a file names it. */
export const valueTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
] as const;
export type GgufValueType = (typeof valueTypes)[number];
export type GgufScalarType = Exclude<GgufValueType, 'array'>;

/** 64-bit integers are bigints only where a number would not be exact. */
export type GgufScalar = number | bigint | boolean | string;

/** Bytes of one value; a string and an array have no fixed size. */
export const valueBytes: Readonly<Record<Exclude<GgufScalarType, 'string'>, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  uint64: 8,
  int64: 8,
  float64: 8,
};

/** "GGUF" read as a little-endian number. */
export const magic = 0x46554747;
/** Version of GGUF that is written; 2 is read as well, which differs only for big-endian machines. */
export const writtenVersion = 3;
export const defaultAlignment = 32;
/** Bytes of a tensor's name in ggml, its closing zero included. */
export const maxNameBytes = 64;
export const maxDimensions = 4;
