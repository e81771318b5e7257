import type { LoraMatrix, LoraTensors } from '../gguf/lora-gguf.ts';

/**
 * How far an adapter moves its base: for each matrix kind, such as "attn_q", the Frobenius norm of
 * `alpha / rank · B · A`, as the root mean square over the layers that have it. So adapters of a few layers and of all
 * compare.
 *
 * Exact, and without the product, which is thousands of numbers wide: ‖BA‖² = Σ (BᵀB) ∘ (AAᵀ), two matrices of
 * rank × rank.
 */
export function matrixNorms({ rank, alpha, matrices }: LoraTensors): Record<string, number> {
  const squares = new Map<string, number[]>();
  for (const matrix of matrices) {
    const kind = kindOf(matrix.name);
    const square = (alpha / rank) ** 2 * squaredNorm(matrix, rank);
    squares.set(kind, [...(squares.get(kind) ?? []), square]);
  }
  return Object.fromEntries(
    [...squares].map(([kind, found]) => [
      kind,
      Math.sqrt(found.reduce((sum, square) => sum + square, 0) / found.length),
    ]),
  );
}

/** "attn_q" of "blk.12.attn_q.weight"; a name of another make stands for itself. */
function kindOf(name: string): string {
  return /^blk\.\d+\.(.+)\.weight$/.exec(name)?.[1] ?? name;
}

/** ‖BA‖², never below 0. */
function squaredNorm({ in: width, out, a, b }: LoraMatrix, rank: number): number {
  // Both products of pairs of rank components, i ≥ j; B is walked row by row, as it lies in memory.
  const ofA = new Float64Array(rank * rank);
  const ofB = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += a[i * width + k]! * a[j * width + k]!;
      ofA[i * rank + j] = sum;
    }
  }
  for (let row = 0; row < out * rank; row += rank) {
    for (let i = 0; i < rank; i++) {
      const value = b[row + i]!;
      for (let j = 0; j <= i; j++) ofB[i * rank + j]! += value * b[row + j]!;
    }
  }
  let sum = 0;
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j++) {
      sum += (i === j ? 1 : 2) * ofA[i * rank + j]! * ofB[i * rank + j]!;
    }
  }
  return Math.max(0, sum); // rounding may leave it a little below
}
