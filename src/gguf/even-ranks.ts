import type { LoraMatrix, LoraTensors } from './lora-gguf.ts';

/** A change of one matrix by `scale · B · A`, of a rank of its own. */
export interface ScaledPair extends LoraMatrix {
  readonly rank: number;
  readonly scale: number;
}

/**
 * Gives all changes one rank and one alpha: B is multiplied by what its scale is more or less than the others',
 * and what a pair lacks to the highest rank is filled with zeros, which change nothing.
 *
 * @throws {RangeError} If there are no pairs.
 */
export function evenRanks(pairs: readonly ScaledPair[]): LoraTensors {
  const rank = pairs.reduce((most, pair) => Math.max(most, pair.rank), 0);
  if (rank === 0) throw new RangeError('there are no pairs');
  const scale = pairs.reduce((most, pair) => Math.max(most, pair.scale), 0);
  return {
    rank,
    alpha: scale * rank,
    matrices: pairs.map((pair) => ({
      name: pair.name,
      in: pair.in,
      out: pair.out,
      a: paddedA(pair, rank),
      b: paddedB(pair, rank, pair.scale / scale),
    })),
  };
}

function paddedA({ a, in: width, rank: own }: ScaledPair, rank: number): Float32Array {
  if (own === rank) return a;
  const padded = new Float32Array(rank * width);
  padded.set(a);
  return padded;
}

function paddedB({ b, out, rank: own }: ScaledPair, rank: number, factor: number): Float32Array {
  if (own === rank && factor === 1) return b;
  const padded = new Float32Array(out * rank);
  for (let row = 0; row < out; row++)
    for (let r = 0; r < own; r++) padded[row * rank + r] = factor * b[row * own + r]!;
  return padded;
}
