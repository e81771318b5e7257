import { describe, expect, it } from 'vitest';
import type { LoraMatrix, LoraTensors } from './lora-gguf.ts';
import { reduceRank } from './reduce-rank.ts';

let state = 5;
const random = (length: number): Float32Array =>
  Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
const matrix = (width: number, out: number, rank: number): LoraMatrix => ({
  name: `${width} × ${out}`,
  in: width,
  out,
  a: random(rank * width),
  b: random(out * rank),
});

function product({ in: width, out, a, b }: LoraMatrix, rank: number): number[] {
  return Array.from({ length: out * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += b[row * rank + r]! * a[r * width + column]!;
    return sum;
  });
}
const norm = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe('An adapter of too high a rank', () => {
  it('loses nothing where matrices have no more rows or columns than the rank that is left', () => {
    const matrices = [matrix(8, 20, 12), matrix(20, 8, 12), matrix(8, 8, 12)];
    const { lora, loss } = reduceRank({ rank: 12, alpha: 24, matrices }, 8);
    expect(lora).toMatchObject({ rank: 8, alpha: 16 });
    expect(loss).toBeLessThan(1e-6);
    for (const [i, reduced] of lora.matrices.entries()) {
      const [whole, ours] = [product(matrices[i]!, 12), product(reduced, 8)];
      expect(norm(whole.map((value, k) => value - ours[k]!))).toBeLessThan(1e-5 * norm(whole));
    }
  });

  it('keeps the strongest directions, and tells the share that is lost', () => {
    // Three directions at right angles, 4, 2 and 1 strong: rank 2 lacks the last.
    const rank = 3;
    const a = new Float32Array(rank * 10);
    const b = new Float32Array(12 * rank);
    for (const [r, strength] of [4, 2, 1].entries()) {
      a[r * 10 + r] = strength;
      b[(r + 5) * rank + r] = 1;
    }
    const one: LoraTensors = { rank, alpha: 3, matrices: [{ name: 'x', in: 10, out: 12, a, b }] };
    const { lora, loss } = reduceRank(one, 2);
    expect(loss).toBeCloseTo(Math.sqrt(1 / 21), 6);
    const left = product(lora.matrices[0]!, 2);
    const wanted = product(one.matrices[0]!, 3).map((value) => (Math.abs(value) > 1.5 ? value : 0));
    expect(norm(left.map((value, i) => value - wanted[i]!))).toBeLessThan(1e-3);
  });

  it('stays as it is where its rank is taken', () => {
    const lora = { rank: 2, alpha: 2, matrices: [matrix(3, 3, 2)] };
    expect(reduceRank(lora, 2)).toEqual({ lora, loss: 0 });
  });
});
