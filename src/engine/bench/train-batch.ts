import type { TrainBatch } from '../trainer.ts';

/** The settings of AdamW that users of PEFT take. */
export const adam = { rate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, clip: 1 };

/** Texts of one length side by side, of some tokens below `vocabulary`, every second of them learned. */
export function someBatch(texts: number, length: number, vocabulary = 49_000): TrainBatch {
  const n = texts * length;
  const tokens = Int32Array.from({ length: n }, (_, i) => (7919 * i) % vocabulary);
  const rows = Array.from({ length: n }, (_, i) => i).filter(
    (i) => i % 2 === 1 && (i + 1) % length > 0,
  );
  return {
    tokens,
    transcript: 0,
    positions: Int32Array.from({ length: n }, (_, i) => i % length),
    first: Int32Array.from({ length: n }, (_, i) => i - (i % length)),
    context: new Int32Array(2 * n),
    rows: Int32Array.from(rows),
    targets: Int32Array.from(rows, (row) => tokens[row + 1]!),
    weights: new Float32Array(rows.length).fill(1 / rows.length),
  };
}
