import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeaderCut } from './cursor.ts';
import type { GgufHeader } from './header.ts';
import { HeaderFault, parseHeader } from './parse-header.ts';
import { valueTypes } from './value-types.ts';

// Files are put together byte by byte here, since the encoder refuses to write wrong ones.
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const u64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
};
const text = (value: string): Buffer =>
  Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const typeId = (name: (typeof valueTypes)[number]): Buffer => u32(valueTypes.indexOf(name));
const key = (name: string, type: (typeof valueTypes)[number], ...value: Buffer[]): Buffer =>
  Buffer.concat([text(name), typeId(type), ...value]);

interface TensorParts {
  name?: string;
  shape?: (number | bigint)[];
  dimensions?: number;
  type?: number;
  offset?: number | bigint;
}
const tensor = ({
  name = 'weights',
  shape = [32, 2],
  type = 0,
  offset = 0,
  ...rest
}: TensorParts): Buffer =>
  Buffer.concat([
    text(name),
    u32(rest.dimensions ?? shape.length),
    ...shape.map(u64),
    u32(type),
    u64(offset),
  ]);

interface FileParts {
  magic?: string;
  version?: number;
  tensorCount?: number | bigint;
  keyCount?: number | bigint;
  keys?: Buffer[];
  tensors?: Buffer[];
  dataBytes?: number;
  alignment?: number;
}
function file(parts: FileParts = {}): Buffer {
  const { keys = [], tensors = [tensor({})], dataBytes = 256, alignment = 32 } = parts;
  const head = Buffer.concat([
    Buffer.from(parts.magic ?? 'GGUF', 'latin1'),
    u32(parts.version ?? 3),
    u64(parts.tensorCount ?? tensors.length),
    u64(parts.keyCount ?? keys.length),
    ...keys,
    ...tensors,
  ]);
  const gap = (alignment - (head.length % alignment)) % alignment;
  return Buffer.concat([head, Buffer.alloc(gap + dataBytes)]);
}
const parse = (bytes: Buffer): GgufHeader => parseHeader(bytes, bytes.length);

describe('parseHeader', () => {
  const good: [what: string, bytes: Buffer][] = [
    ['one tensor', file()],
    ['version 2', file({ version: 2 })],
    ['nothing at all in it', file({ tensors: [], dataBytes: 0 })],
    [
      'an alignment of its own',
      file({ keys: [key('general.alignment', 'uint32', u32(64))], alignment: 64 }),
    ],
    [
      'two tensors with padding between',
      file({
        tensors: [tensor({ name: 'a', shape: [3] }), tensor({ name: 'b', offset: 32 })],
        dataBytes: 288,
      }),
    ],
    ['a key of every kind', file({ keys: everyKind() })],
  ];
  it.each(good)('takes a file with %s', (_, bytes) => {
    expect(parse(bytes).fileBytes).toBe(bytes.length);
  });

  const bad: [what: string, bytes: Buffer, message: RegExp][] = [
    ['a wrong magic', file({ magic: 'PNG\u0001' }), /not a GGUF file: it starts with "PNG\."/],
    ['version 0', file({ version: 0 }), /version 0/],
    ['version 1', file({ version: 1 }), /version 1;/],
    ['a version to come', file({ version: 4 }), /version 4;/],
    ['the bytes of a big-endian machine', file({ version: 0x03000000 }), /big-endian/],
    ['too many tensors', file({ tensorCount: 2n ** 60n }), /tensors; at most/],
    ['a negative number of tensors', file({ tensorCount: -1 }), /tensors; at most/],
    ['too many keys', file({ keyCount: 2n ** 60n }), /metadata keys; at most/],
    ['an empty key', file({ keys: [key('', 'uint8', Buffer.from([1]))] }), /key 1 is empty/],
    [
      'a huge key',
      file({ keys: [Buffer.concat([u64(2n ** 62n), u32(4)])] }),
      /key 1 has \d+ bytes/,
    ],
    [
      'a key twice',
      file({ keys: [key('k', 'uint32', u32(1)), key('k', 'uint32', u32(1))] }),
      /"k" is there twice/,
    ],
    [
      'an unknown type of value',
      file({ keys: [Buffer.concat([text('k'), u32(13), u32(0)])] }),
      /unknown type/,
    ],
    [
      'an array of arrays',
      file({ keys: [key('k', 'array', typeId('array'), u64(1))] }),
      /array of an unknown/,
    ],
    [
      'an array of nothing known',
      file({ keys: [key('k', 'array', u32(99), u64(1))] }),
      /array of an unknown/,
    ],
    [
      'an array without end',
      file({ keys: [key('k', 'array', typeId('uint8'), u64(2n ** 63n))] }),
      /elements; at most/,
    ],
    [
      'a text without end',
      file({ keys: [key('k', 'string', u64(2n ** 63n))] }),
      /text of \d+ bytes/,
    ],
    [
      'a text without end in an array',
      file({ keys: [key('k', 'array', typeId('string'), u64(1), u64(2n ** 40n))] }),
      /text of \d+ bytes/,
    ],
    [
      'a truth value of 2',
      file({ keys: [key('k', 'bool', Buffer.from([2]))] }),
      /truth value of 2/,
    ],
    [
      'an alignment of the wrong type',
      file({ keys: [key('general.alignment', 'uint64', u64(32))] }),
      /not uint32/,
    ],
    [
      'an alignment of 0',
      file({ keys: [key('general.alignment', 'uint32', u32(0))] }),
      /power of two/,
    ],
    [
      'an alignment of 48',
      file({ keys: [key('general.alignment', 'uint32', u32(48))] }),
      /power of two/,
    ],
    ['a tensor without a name', file({ tensors: [tensor({ name: '' })] }), /has no name/],
    [
      'a tensor of a long name',
      file({ tensors: [tensor({ name: 'x'.repeat(64) })] }),
      /name of 64 bytes/,
    ],
    ['a zero byte in a name', file({ tensors: [tensor({ name: 'a\0b' })] }), /zero byte/],
    [
      'a tensor twice',
      file({ tensors: [tensor({}), tensor({ offset: 256 })], dataBytes: 512 }),
      /"weights" is there twice/,
    ],
    ['no dimensions', file({ tensors: [tensor({ shape: [], dimensions: 0 })] }), /0 dimensions/],
    ['five dimensions', file({ tensors: [tensor({ shape: [1, 1, 1, 1, 1] })] }), /5 dimensions/],
    ['an extent of 0', file({ tensors: [tensor({ shape: [0, 2] })] }), /extent of 0/],
    ['a negative extent', file({ tensors: [tensor({ shape: [-1, 2] })] }), /too many elements/],
    [
      'extents whose product overflows',
      file({ tensors: [tensor({ shape: [2 ** 32, 2 ** 32] })] }),
      /too many elements/,
    ],
    [
      'an unknown type of tensor',
      file({ tensors: [tensor({ type: 4 })] }),
      /type 4, which is not known/,
    ],
    [
      'rows that are not whole blocks',
      file({ tensors: [tensor({ shape: [31], type: 8 })] }),
      /whole blocks of 32/,
    ],
    [
      'an offset beyond the first',
      file({ tensors: [tensor({ offset: 32 })] }),
      /offset 32 of the data; 0/,
    ],
    [
      'an offset that overlaps',
      file({ tensors: [tensor({ name: 'a' }), tensor({ name: 'b', offset: 0 })] }),
      /offset 0 of the data; 256/,
    ],
    ['data that is cut', file({ dataBytes: 255 }), /truncated: tensor "weights" ends at/],
    [
      'a tensor far larger than the file',
      file({ tensors: [tensor({ shape: [2 ** 40] })] }),
      /truncated: tensor/,
    ],
  ];
  it.each(bad)('refuses a file with %s', (_, bytes, message) => {
    expect(() => parse(bytes)).toThrow(HeaderFault);
    expect(() => parse(bytes)).toThrow(message);
  });

  it('reads every kind of value', () => {
    const header = parse(file({ keys: everyKind() }));
    const single = (name: string): unknown => {
      const entry = header.metadata.get(name);
      return entry && entry.type !== 'array' ? entry.value : undefined;
    };
    expect(['u8', 'i8', 'u16', 'i16', 'u32', 'i32'].map(single)).toEqual([
      255, -1, 65535, -1, 4294967295, -1,
    ]);
    expect(single('f32')).toBe(0.5);
    expect(single('f64')).toBe(0.1);
    expect(single('yes')).toBe(true);
    expect(single('u64')).toBe(2 ** 40);
    expect(single('huge')).toBe(2n ** 64n - 1n);
    expect(single('i64')).toBe(-2);
    expect(header.text('name')).toBe('Élan “vital” 🎭');
    expect(header.number('name')).toBeUndefined();
    expect(header.array('list')?.values()).toEqual(['a', '', 'ç']);
    expect(header.array('numbers')?.values()).toEqual([1, 2]);
    expect(header.text('absent')).toBeUndefined();
  });

  it('says where each tensor lies in the file', () => {
    const bytes = file();
    const [only] = parse(bytes).tensors;
    expect(only).toEqual({
      name: 'weights',
      type: 'F32',
      shape: [32, 2],
      offset: bytes.length - 256,
      bytes: 256,
    });
  });

  it('asks for more when it is given too little, at every length', () => {
    const bytes = file({ keys: everyKind() });
    const headerBytes = parse(bytes).dataOffset - 31; // the gap before the data may be cut
    for (let length = 0; length < headerBytes - 32; length++) {
      expect(() => parseHeader(bytes.subarray(0, length), bytes.length)).toThrow(HeaderCut);
    }
  });

  it('answers any damage with a header or one of its two errors, in little time', () => {
    const sound = file({
      keys: everyKind(),
      tensors: [tensor({}), tensor({ name: 'b', offset: 256 })],
      dataBytes: 512,
    });
    const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          parse(bytes);
        } catch (error) {
          expect(error instanceof HeaderFault || error instanceof HeaderCut).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('answers any bytes after the preamble with a header or one of its two errors', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (rest) => {
        const bytes = Buffer.concat([Buffer.from('GGUF'), u32(3), rest]);
        try {
          parse(bytes);
        } catch (error) {
          expect(error instanceof HeaderFault || error instanceof HeaderCut).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

function everyKind(): Buffer[] {
  const f32 = Buffer.alloc(4);
  f32.writeFloatLE(0.5);
  const f64 = Buffer.alloc(8);
  f64.writeDoubleLE(0.1);
  const ones = (count: number): Buffer => Buffer.alloc(count, 0xff);
  return [
    key('u8', 'uint8', ones(1)),
    key('i8', 'int8', ones(1)),
    key('u16', 'uint16', ones(2)),
    key('i16', 'int16', ones(2)),
    key('u32', 'uint32', ones(4)),
    key('i32', 'int32', ones(4)),
    key('f32', 'float32', f32),
    key('f64', 'float64', f64),
    key('yes', 'bool', Buffer.from([1])),
    key('u64', 'uint64', u64(2 ** 40)),
    key('huge', 'uint64', ones(8)),
    key('i64', 'int64', u64(-2)),
    key('name', 'string', text('Élan “vital” 🎭')),
    key('list', 'array', typeId('string'), u64(3), text('a'), text(''), text('ç')),
    key('numbers', 'array', typeId('uint16'), u64(2), Buffer.from([1, 0, 2, 0])),
  ];
}
