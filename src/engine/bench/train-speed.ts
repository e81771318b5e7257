import { type ComputeOptions, compute } from '../compute.ts';
import { type TrainBatch, Trainer } from '../trainer.ts';
import type { Measured } from './measured.ts';

export interface TrainSpeedOptions extends ComputeOptions {
  readonly repetitions: number;
  readonly signal?: AbortSignal | undefined;
}

/** Four texts of 128 tokens, rank 16 on all matrices: what PEFT's users measure. */
const trainSpeedDefaults = { texts: 4, tokens: 128, rank: 16 } as const;

/** What PEFT's users take. */
const adam = { rate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, clip: 1 };

/**
 * Tokens a second of training steps, forward, backward and Adam, in each precision that this machine trains in.
 *
 * @param path A GGUF file.
 * @throws What `Trainer.open` throws; `signal.reason`.
 */
export async function* measureTraining(
  path: string,
  { repetitions, signal, ...options }: TrainSpeedOptions,
): AsyncGenerator<Measured> {
  compute(options);
  const { texts, tokens, rank } = trainSpeedDefaults;
  let usual: string | undefined;
  for (const asked of [undefined, 'f32'] as const) {
    if (asked === usual) continue; // measured already: what this machine trains in by itself
    using trainer = await Trainer.open(path, {
      ...{ ...options, rank, alpha: 2 * rank },
      ...(asked && { precision: asked }),
      ...(signal && { signal }),
    });
    trainer.reset(1);
    const { precision } = trainer.info;
    usual ??= precision;
    const batch = everySecond(texts, tokens);
    const samples: number[] = [];
    for (let step = 0; step <= repetitions; step++) {
      signal?.throwIfAborted();
      const start = performance.now();
      await trainer.pass(batch, { noise: step });
      await trainer.step(adam);
      if (step > 0) samples.push((1000 * batch.tokens.length) / (performance.now() - start));
    }
    yield {
      ...{ bench: 'train', what: `${precision}, ${texts} × ${tokens} tokens, rank ${rank}` },
      ...{ unit: 'tokens/s', higherIsBetter: true, at: {}, samples },
    };
  }
}

/** Texts of one length side by side, every second of their tokens learned. */
function everySecond(texts: number, length: number): TrainBatch {
  const n = texts * length;
  // Any tokens will do: as many of a small vocabulary as of a large one.
  const tokens = Int32Array.from({ length: n }, (_, i) => (7919 * i) % 251);
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
