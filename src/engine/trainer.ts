import { DramatisError } from '../errors.ts';
import type { TrainerKernelName } from '../store/trainer-kernels.ts';
import type { Adapter } from './adapter.ts';
import { type ComputeOptions, compute } from './compute.ts';
import { type MatrixName, matrixNames } from './matrix-names.ts';
import type { Model } from './model.ts';
import type {
  NativeAdamW,
  NativeFactors,
  NativeTrainBatch,
  NativeTrainer,
  NativeTrainerOptions,
} from './native.ts';
import { settle, settleNow } from './settle.ts';

export interface TrainerOptions extends ComputeOptions {
  readonly rank: number;
  readonly alpha: number;
  /** The change counts alpha / √rank instead of alpha / rank (Kalajdzievski, "rsLoRA", 2023). */
  readonly rankStabilised?: boolean;
  /** Share of an adapter's inputs that is left out at random. */
  readonly dropout?: number;
  /** First and last layer, counted from 0; all unless given. */
  readonly layers?: readonly [number, number];
  readonly matrices?: readonly MatrixName[];
  /** What the frozen weights are kept in: bf16, at half the memory, unless given. */
  readonly precision?: 'f32' | 'bf16';
  /** The CPU kernels to compute with: those that are fastest here by measurement, unless given. */
  readonly kernels?: TrainerKernelName;
  /**
   * Name of a device, such as "CUDA0": passes are computed there, in operations that every back-end has. Unless given, on
   * the CPU by faster ones of our own; "CPU" is for comparing the two.
   */
  readonly device?: string;
  /** Adapters that are part of what is frozen. */
  readonly onto?: readonly Factors[];
  /** Told how much of the weights is ready, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Texts side by side in one row of tokens: what is learned and what it is seen in. */
export type TrainBatch = NativeTrainBatch;
export type AdamW = NativeAdamW;
/** The low-rank factors of a matrix that is out × in: W + scale · B A. */
export type Factors = NativeFactors;

/** How long one step on the engine thread takes: what a chat's next token waits for. */
const sliceSeconds = 0.02;

/**
 * Trains the factors of a LoRA adapter, in steps of milliseconds that take turns with whatever else the engine does.
 *
 * It reads the model's file for itself: the weights are those that chat computes with, kept a second time as
 * training needs them. One call at a time (BUSY).
 */
export class Trainer implements Disposable {
  readonly #native: NativeTrainer;
  readonly info: ReturnType<NativeTrainer['info']>;
  /** What the product of the factors is multiplied by. */
  readonly scale: number;

  private constructor(native: NativeTrainer, scale: number) {
    this.#native = native;
    this.scale = scale;
    this.info = settleNow(() => native.info());
  }

  /**
   * @param path A GGUF model.
   * @throws {DramatisError} MODEL_UNREADABLE for an architecture without a trainer; ADAPTER_MISMATCH.
   */
  static async open(path: string, options: TrainerOptions): Promise<Trainer> {
    const { rank, alpha, rankStabilised = false, onto = [], signal } = options;
    const scale = alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    const native = await settle(
      compute(options).openTrainer(path, nativeOptions(options, scale), onto),
    );
    const trainer = new Trainer(native, scale);
    for (let loaded = 0; loaded < 1; ) {
      signal?.throwIfAborted();
      loaded = await settle(native.loadMore());
      options.onProgress?.(loaded);
    }
    return trainer;
  }

  /** Factors that do nothing yet. */
  reset(seed: number): void {
    settleNow(() => this.#native.reset(seed));
  }

  /**
   * Begins with factors that were trained before.
   *
   * @param factors Of just the matrices of `info`, at its rank.
   * @throws {DramatisError} ADAPTER_MISMATCH.
   */
  async take(factors: readonly Factors[]): Promise<void> {
    const parts = this.info.matrices.flatMap(({ name, rank, out }) => {
      const found = factors.find((one) => one.name === name && one.rank === rank);
      if (!found || factors.length !== this.info.matrices.length)
        throw new DramatisError(
          'ADAPTER_MISMATCH',
          `the version to go on from has not the same matrices: ${name} of rank ${rank} among them`,
          { remedy: 'Give the --rank, --layers and --matrices that it was trained with.' },
        );
      // Files have B as out × rank, a state has it turned.
      const b = new Float32Array(found.b.length);
      const scale = found.scale / this.scale;
      found.b.forEach((value, i) => {
        b[(i % rank) * out + Math.floor(i / rank)] = value * scale;
      });
      const moments = new Float32Array(2 * (found.a.length + b.length));
      return [found.a, b, moments];
    });
    const state = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      state.set(part, at);
      at += part.length;
    }
    await this.restore(state, 0);
  }

  /**
   * A pass over a batch; with `noise` its gradients are added to those since the last step.
   *
   * @param noise What is left out at random follows from it; undefined for a pass that only measures.
   * @returns Negative log-likelihood of each target in nats.
   * @throws `signal.reason` within a slice; gradients that were added until then are forgotten.
   */
  async pass(
    batch: TrainBatch,
    { noise, signal }: { noise?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<Float32Array> {
    await settle(this.#native.begin(batch, noise !== undefined, noise ?? 0));
    while (!(await settle(this.#native.continue(sliceSeconds)))) {
      if (!signal?.aborted) continue;
      this.#native.clear();
      signal.throwIfAborted();
    }
    return settleNow(() => this.#native.nll());
  }

  /**
   * One AdamW step on the gradients added up so far.
   *
   * @returns Their norm before clipping.
   * @throws {DramatisError} NATIVE_FAILED if a gradient is not a number; nothing has changed then.
   */
  async step(adam: AdamW): Promise<number> {
    const norm = await settle(this.#native.step(adam));
    if (Number.isFinite(norm)) return norm;
    throw new DramatisError('NATIVE_FAILED', 'the gradients are not finite', {
      remedy: 'Give a lower --lr; the checkpoint before this step is kept.',
    });
  }

  /** The factors of each matrix at this moment. */
  factors(): Factors[] {
    return this.info.matrices.map(({ name, rank }, i) => ({
      ...settleNow(() => this.#native.factors(i)),
      name,
      rank,
      scale: this.scale,
    }));
  }

  /** What is learned so far, to speak with at once: no file, and the model stays as it is. */
  async adapter(model: Model): Promise<Adapter> {
    return model.adapterOf(this.#native, this.info.matrices[0]!.rank, this.scale);
  }

  /** Factors and moments of all matrices: with the number of steps all that a step depends on. */
  save(): Promise<Float32Array> {
    return settle(this.#native.save());
  }

  restore(state: Float32Array, steps: number): Promise<void> {
    return settle(this.#native.restore(state, steps));
  }

  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}

function nativeOptions(options: TrainerOptions, scale: number): NativeTrainerOptions {
  const { rank, dropout = 0, layers = [0, -1], matrices = matrixNames } = options;
  const { precision = '', kernels = '', device = '' } = options;
  return {
    rank,
    scale,
    dropout,
    firstLayer: layers[0],
    lastLayer: layers[1],
    matrices: matrices.reduce((bits, name) => bits | (1 << matrixNames.indexOf(name)), 0),
    precision,
    kernels,
    device,
  };
}
