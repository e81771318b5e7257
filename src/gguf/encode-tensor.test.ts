import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeTensor } from './encode-tensor.ts';
import { fromHalf } from './floats.ts';

const block = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), {
  minLength: 32,
  maxLength: 32,
});

describe('encodeTensor', () => {
  it('writes singles and halves as they are', () => {
    const values = Float32Array.of(1.5, -2, 0);
    expect(new Float32Array(new Uint8Array(encodeTensor(values, 'F32')).buffer)).toEqual(values);
    const halves = Buffer.from(encodeTensor(values, 'F16'));
    expect([0, 2, 4].map((at) => fromHalf(halves.readUInt16LE(at)))).toEqual([1.5, -2, 0]);
  });

  it('quantises to Q8_0 within half a step of the block', () => {
    fc.assert(
      fc.property(block, (numbers) => {
        const bytes = Buffer.from(encodeTensor(Float32Array.from(numbers), 'Q8_0'));
        expect(bytes).toHaveLength(34);
        const scale = fromHalf(bytes.readUInt16LE(0));
        const largest = Math.max(...numbers.map(Math.abs));
        numbers.forEach((number, i) => {
          const error = Math.abs(bytes.readInt8(2 + i) * scale - number);
          // Half a step, and what the scale lost when it became a half.
          expect(error).toBeLessThanOrEqual(largest / 254 + largest / 1024 + 1e-5);
        });
      }),
    );
  });

  it('rounds halves away from zero, as the reference quantiser does', () => {
    const values = new Float32Array(32);
    values.set([127, 0.5, -0.5, 1.5, -1.5, 2.5]);
    const bytes = Buffer.from(encodeTensor(values, 'Q8_0'));
    expect(Array.from({ length: 6 }, (_, i) => bytes.readInt8(2 + i))).toEqual([
      127, 1, -1, 2, -2, 3,
    ]);
  });

  it('writes a block of zeros as zeros', () => {
    expect(new Set(encodeTensor(new Float32Array(32), 'Q8_0'))).toEqual(new Set([0]));
  });

  it('refuses a part of a block', () => {
    expect(() => encodeTensor(new Float32Array(33), 'Q8_0')).toThrow(RangeError);
  });
});
