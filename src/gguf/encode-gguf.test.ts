import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyAdapter, tinyModel } from '../testing/models/tiny-model.ts';
import { encodeGguf, type GgufContents, type GgufInput } from './encode-gguf.ts';
import { parseHeader } from './parse-header.ts';

async function bytesOf(contents: GgufContents): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeGguf(contents)) parts.push(part);
  return Buffer.concat(parts);
}

const anyText = fc.string({ unit: 'grapheme' });
const anyScalar: fc.Arbitrary<GgufInput> = fc.oneof(
  fc.record({ type: fc.constant('string' as const), value: anyText }),
  fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('uint8' as const), value: fc.nat(255) }),
  fc.record({
    type: fc.constant('int16' as const),
    value: fc.integer({ min: -32768, max: 32767 }),
  }),
  fc.record({ type: fc.constant('uint32' as const), value: fc.nat(2 ** 32 - 1) }),
  fc.record({ type: fc.constant('int64' as const), value: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant('float32' as const), value: fc.float({ noNaN: true }) }),
  fc.record({ type: fc.constant('float64' as const), value: fc.double({ noNaN: true }) }),
  fc.record({ type: fc.constant('string' as const), array: fc.array(anyText) }),
  fc.record({ type: fc.constant('int32' as const), array: fc.array(fc.integer()) }),
);

describe('encodeGguf', () => {
  it('writes metadata that reads back the same', async () => {
    const anyMetadata = fc.dictionary(
      anyText.filter((key) => key.length > 0),
      anyScalar,
      { maxKeys: 8 },
    );
    await fc.assert(
      fc.asyncProperty(anyMetadata, async (metadata) => {
        const bytes = await bytesOf({ metadata, tensors: [] });
        const header = parseHeader(bytes, bytes.length);
        const found = Object.fromEntries(
          [...header.metadata].map(([key, entry]) => [
            key,
            entry.type === 'array'
              ? { type: entry.elementType, array: entry.values() }
              : { type: entry.type, value: entry.value },
          ]),
        );
        expect(found).toEqual({ ...metadata });
      }),
    );
  });

  it('puts the data of each tensor where the header says', async () => {
    const data = (fill: number, length: number) => () => new Uint8Array(length).fill(fill);
    const tensors = [
      { name: 'a', type: 'F32', shape: [3], data: data(1, 12) },
      { name: 'b', type: 'Q8_0', shape: [32, 2], data: data(2, 68) },
      { name: 'c', type: 'F16', shape: [1, 1, 1, 5], data: async () => data(3, 10)() },
    ];
    const bytes = await bytesOf({ metadata: {}, tensors });
    const header = parseHeader(bytes, bytes.length);
    expect(bytes.length % 32).toBe(0);
    header.tensors.forEach(({ offset, bytes: length }, i) => {
      expect(offset % 32).toBe(0);
      expect(new Set(bytes.subarray(offset, offset + length))).toEqual(new Set([i + 1]));
    });
  });

  it('refuses data of another length, a long name and a shape of none', async () => {
    const one = (parts: object) => ({
      metadata: {},
      tensors: [{ name: 'a', type: 'F32', shape: [3], data: () => new Uint8Array(12), ...parts }],
    });
    await expect(bytesOf(one({ data: () => new Uint8Array(11) }))).rejects.toThrow(
      /11 bytes of data, not 12/,
    );
    await expect(bytesOf(one({ name: 'x'.repeat(64) }))).rejects.toThrow(RangeError);
    await expect(bytesOf(one({ shape: [] }))).rejects.toThrow(RangeError);
    await expect(bytesOf(one({ type: 'Q8_0' }))).rejects.toThrow(/not a multiple of 32/);
    await expect(bytesOf(one({ type: 'Q9' }))).rejects.toThrow(/no tensor type/);
  });
});

describe('the tiny model', () => {
  it('is the same for the same seed and another for another', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => bytesOf(tinyModel({ seed }))));
    expect(a!.equals(b!)).toBe(true);
    expect(a!.equals(c!)).toBe(false);
  });

  it('has an adapter with a pair for each of its matrices', async () => {
    const bytes = await bytesOf(tinyAdapter({ rank: 3 }));
    const shapes = new Map(
      parseHeader(bytes, bytes.length).tensors.map(({ name, shape }) => [name, shape]),
    );
    expect(shapes.size).toBe(2 * 2 * 7);
    expect(shapes.get('blk.1.ffn_down.weight.lora_a')).toEqual([128, 3]);
    expect(shapes.get('blk.1.ffn_down.weight.lora_b')).toEqual([3, 64]);
  });
});
