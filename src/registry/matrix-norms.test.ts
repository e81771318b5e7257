import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoraMatrix } from '../gguf/lora-gguf.ts';
import { matrixNorms } from './matrix-norms.ts';

/** The product, number by number. */
function byTheBook({ in: width, out, a, b }: LoraMatrix, rank: number, scale: number): number {
  let sum = 0;
  for (let row = 0; row < out; row++) {
    for (let column = 0; column < width; column++) {
      let value = 0;
      for (let r = 0; r < rank; r++) value += b[row * rank + r]! * a[r * width + column]!;
      sum += (scale * value) ** 2;
    }
  }
  return Math.sqrt(sum);
}

const sizes = fc.record({
  rank: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 9 }),
  out: fc.integer({ min: 1, max: 9 }),
});
const anyMatrix = sizes.chain(({ rank, width, out }) => {
  const numbers = (length: number) =>
    fc
      .array(fc.integer({ min: -64, max: 64 }), { minLength: length, maxLength: length })
      .map((list) => Float32Array.from(list, (n) => n / 16));
  return fc
    .record({ a: numbers(rank * width), b: numbers(out * rank) })
    .map(({ a, b }) => ({ rank, matrix: { name: 'blk.0.attn_q.weight', in: width, out, a, b } }));
});

describe('matrixNorms', () => {
  it('is the norm of the product, which it never makes', () => {
    fc.assert(
      fc.property(anyMatrix, fc.integer({ min: 1, max: 64 }), ({ rank, matrix }, alpha) => {
        const found = matrixNorms({ rank, alpha, matrices: [matrix] }).attn_q!;
        expect(found).toBeCloseTo(byTheBook(matrix, rank, alpha / rank), 4);
      }),
    );
  });

  it('is the root mean square over the layers of a kind', () => {
    const unit = (name: string, size: number): LoraMatrix => ({
      name,
      in: 1,
      out: 1,
      a: Float32Array.of(1),
      b: Float32Array.of(size),
    });
    const matrices = [
      unit('blk.0.ffn_up.weight', 3),
      unit('blk.11.ffn_up.weight', 1),
      unit('blk.0.attn_q.weight', 2),
    ];
    expect(matrixNorms({ rank: 1, alpha: 1, matrices })).toEqual({
      ffn_up: Math.sqrt(5),
      attn_q: 2,
    });
  });

  it('is 0 before the first step, when B is 0', () => {
    const matrix = {
      name: 'blk.0.attn_k.weight',
      in: 2,
      out: 3,
      a: Float32Array.of(1, 2),
      b: new Float32Array(3),
    };
    expect(matrixNorms({ rank: 1, alpha: 2, matrices: [matrix] })).toEqual({ attn_k: 0 });
  });
});
