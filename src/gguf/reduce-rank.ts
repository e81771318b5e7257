import type { LoraMatrix, LoraTensors } from './lora-gguf.ts';

/** Rounds of the iteration: each makes what is left out of the strongest directions smaller by the square of a ratio of singular values. */
const rounds = 6;

/** An adapter of a lower rank, and the share of its effect that it lacks. */
export interface Reduced {
  readonly lora: LoraTensors;
  /** Frobenius norm of what the reduction changes over that of the whole: 0 changes nothing, 1 leaves nothing. */
  readonly loss: number;
}

/**
 * The nearest adapter of at most so high a rank: of each B · A the strongest directions are kept, as its singular value
 * decomposition has them. Where a matrix has no more rows or columns than that, nothing is lost.
 *
 * @see Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, algorithm 4.4.
 */
export function reduceRank(lora: LoraTensors, rank: number): Reduced {
  if (lora.rank <= rank) return { lora, loss: 0 };
  let whole = 0;
  let kept = 0;
  const matrices = lora.matrices.map((matrix) => {
    const made = nearest(matrix, lora.rank, rank);
    whole += made.whole;
    kept += made.kept;
    return made.matrix;
  });
  const scale = lora.alpha / lora.rank;
  const loss = whole > 0 ? Math.sqrt(Math.max(0, whole - kept) / whole) : 0;
  return { lora: { rank, alpha: scale * rank, matrices }, loss };
}

function nearest(
  matrix: LoraMatrix,
  from: number,
  to: number,
): { readonly matrix: LoraMatrix; readonly whole: number; readonly kept: number } {
  const { in: width, out } = matrix;
  const a = { rows: from, columns: width, values: Float64Array.from(matrix.a) };
  const b = { rows: out, columns: from, values: Float64Array.from(matrix.b) };
  if (width <= to && width < out) {
    // Few columns: all of them are kept as they stand.
    const all = times(b, a);
    const made = {
      ...matrix,
      a: Float32Array.from(identity(to, width).values),
      b: Float32Array.from(times(all, identity(width, to)).values),
    };
    return { matrix: made, whole: squares(all.values), kept: squares(all.values) };
  }
  const basis = out <= to ? identity(out, to) : strongest({ a, b }, to);
  const shadow = times(times(transposed(basis), b), a);
  const made = {
    ...matrix,
    a: Float32Array.from(shadow.values),
    b: Float32Array.from(basis.values),
  };
  const kept = squares(shadow.values);
  return { matrix: made, whole: out <= to ? kept : squaresOfProduct(b, a), kept };
}

/** Row-major. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** An orthonormal basis of the strongest directions of the columns of b · a: rows × `count`; what it lacks is zero. */
function strongest({ a, b }: { readonly a: Matrix; readonly b: Matrix }, count: number): Matrix {
  const [aBack, bBack] = [transposed(a), transposed(b)];
  let basis = orthonormal(times(b, times(a, scattered(a.columns, count))));
  for (let round = 0; round < rounds; round++) {
    const rows = orthonormal(times(aBack, times(bBack, basis)));
    basis = orthonormal(times(b, times(a, rows)));
  }
  return basis;
}

/** ‖b · a‖² without the product: the sum of (bᵀb) ∘ (aaᵀ). */
function squaresOfProduct(b: Matrix, a: Matrix): number {
  const ofB = times(transposed(b), b).values;
  const ofA = times(a, transposed(a)).values;
  let sum = 0;
  for (let i = 0; i < ofA.length; i++) sum += ofA[i]! * ofB[i]!;
  return sum;
}

function identity(rows: number, columns: number): Matrix {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return { rows, columns, values };
}

/** Numbers that are the same each time and look random, to begin with. */
function scattered(rows: number, columns: number): Matrix {
  let state = 1;
  const values = Float64Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { rows, columns, values };
}

function times(left: Matrix, right: Matrix): Matrix {
  const values = new Float64Array(left.rows * right.columns);
  for (let i = 0; i < left.rows; i++) {
    const to = values.subarray(i * right.columns, (i + 1) * right.columns);
    for (let k = 0; k < left.columns; k++) {
      const factor = left.values[i * left.columns + k]!;
      if (factor === 0) continue;
      const from = k * right.columns;
      for (let j = 0; j < to.length; j++) to[j]! += factor * right.values[from + j]!;
    }
  }
  return { rows: left.rows, columns: right.columns, values };
}

function transposed({ rows, columns, values }: Matrix): Matrix {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!;
  return { rows: columns, columns: rows, values: turned };
}

/** Columns at right angles and of length 1, by Gram and Schmidt twice over; a column that depends on those before is zero. */
function orthonormal(matrix: Matrix): Matrix {
  const turned = transposed(matrix);
  const { rows: count, columns: length, values } = turned;
  for (let i = 0; i < count; i++) {
    const own = values.subarray(i * length, (i + 1) * length);
    const before = Math.sqrt(squares(own));
    for (let again = 0; again < 2; again++)
      for (let j = 0; j < i; j++) takeOff(own, values.subarray(j * length, (j + 1) * length));
    const norm = Math.sqrt(squares(own));
    const factor = norm > 1e-10 * before && norm > 0 ? 1 / norm : 0;
    for (let k = 0; k < length; k++) own[k]! *= factor;
  }
  return transposed(turned);
}

function takeOff(from: Float64Array, direction: Float64Array): void {
  let along = 0;
  for (let k = 0; k < from.length; k++) along += from[k]! * direction[k]!;
  for (let k = 0; k < from.length; k++) from[k]! -= along * direction[k]!;
}

const squares = (values: Float64Array): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
};
