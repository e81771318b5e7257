import { type ComputeOptions, compute } from '../compute.ts';
import { Trainer } from '../trainer.ts';
import type { Measured } from './measured.ts';
import { adam, someBatch } from './train-batch.ts';

export interface TrainSpeedOptions extends ComputeOptions {
  readonly repetitions: number;
  readonly signal?: AbortSignal | undefined;
}

/** Four texts of 128 tokens, rank 16 on all matrices: what PEFT's users measure. */
const trainSpeedDefaults = { texts: 4, tokens: 128, rank: 16 } as const;
/** Tokens that the smallest of models has: which ones are learned is nothing to the time. */
const anyVocabulary = 251;

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
    const batch = someBatch(texts, tokens, anyVocabulary);
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
