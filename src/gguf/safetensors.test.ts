import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { encodeSafetensors } from './safetensors.test.support.ts';
import { readSafetensors } from './safetensors.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-safetensors-')), 'model.safetensors');
});

const sound = encodeSafetensors({
  a: { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] },
  b: { shape: [], values: [0.5] },
});

/** A file with this header and so many bytes of data. */
function withHeader(header: unknown, dataBytes: number): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

describe('readSafetensors', () => {
  it('reads shapes and numbers', async () => {
    writeFileSync(path, sound);
    const tensors = await readSafetensors(path);
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect(tensors.get('a')?.shape).toEqual([2, 3]);
    expect([...(await tensors.get('a')!.read())]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await tensors.get('b')!.read())]).toEqual([0.5]);
  });

  it('reads halves and bfloats', async () => {
    const info = (dtype: string, at: number) => ({ dtype, shape: [1], data_offsets: [at, at + 2] });
    const bytes = withHeader({ h: info('F16', 0), b: info('BF16', 2) }, 4);
    bytes.writeUInt16LE(0x3c00, bytes.length - 4);
    bytes.writeUInt16LE(0xc000, bytes.length - 2);
    writeFileSync(path, bytes);
    const tensors = await readSafetensors(path);
    expect([...(await tensors.get('h')!.read())]).toEqual([1]);
    expect([...(await tensors.get('b')!.read())]).toEqual([-2]);
  });

  const one = (parts: object) => ({
    a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...parts },
  });
  const bad: [what: string, bytes: Buffer, message: RegExp][] = [
    ['nothing', Buffer.alloc(0), /not a safetensors file/],
    ['a header longer than the file', withHeader(one({}), 8).subarray(0, 20), /or cut/],
    ['a header that is not JSON', withHeader('{"a":', 8), /not JSON/],
    ['a header that is a list', withHeader('null', 8), /not an object/],
    ['an unknown type', withHeader(one({ dtype: 'F3' }), 8), /of type F3/],
    ['a type every object has', withHeader(one({ dtype: 'toString' }), 8), /of type toString/],
    ['a negative extent', withHeader(one({ shape: [-2] }), 8), /no proper shape/],
    [
      'a shape that is too large',
      withHeader(one({ shape: [2 ** 52, 2 ** 52] }), 8),
      /its shape makes/,
    ],
    ['offsets that are turned round', withHeader(one({ data_offsets: [8, 0] }), 8), /-8 bytes/],
    ['a gap', withHeader(one({ data_offsets: [8, 16] }), 16), /starts at 8, not at 0/],
    ['data that is cut', withHeader(one({}), 7), /end at byte/],
    ['data left over', withHeader(one({}), 9), /end at byte/],
  ];
  it.each(bad)('refuses a file with %s', async (_, bytes, message) => {
    writeFileSync(path, bytes);
    await expect(readSafetensors(path)).rejects.toThrow(message);
    await expect(readSafetensors(path)).rejects.toBeInstanceOf(DramatisError);
  });

  it('answers any damage with tensors or a DramatisError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(sound);
        bytes[at] = value;
        writeFileSync(path, bytes);
        const found = await readSafetensors(path).catch((error: unknown) => error);
        expect(found instanceof Map || found instanceof DramatisError).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
