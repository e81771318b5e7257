import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Threads } from '../../engine/compute.ts';
import { usableCores } from '../../engine/cores.ts';
import { processorKind } from '../../engine/processor-kind.ts';
import type { Trainer } from '../../engine/trainer.ts';
import type { DramatisError } from '../../errors.ts';
import { measuredRate, recordRate } from '../../store/measured-rates.ts';
import { type RateOf, Settings } from '../../store/settings.ts';

/** Steps before which a rate is chance: the first ones also warm caches. */
const leastSteps = 3;

/** How fast training goes on this machine: what was measured before, and what this run adds. */
export class TrainingRate {
  readonly #settings: Settings;
  readonly #of: RateOf;
  readonly #steps: number[] = [];

  private constructor(settings: Settings, of: RateOf) {
    this.#settings = settings;
    this.#of = of;
  }

  /**
   * @param folder Of the settings.
   * @param path The model's file.
   */
  static async open(
    folder: string,
    path: string,
    { trainer, device, threads = 'auto' }: TrainingRateOptions,
  ): Promise<TrainingRate> {
    const { precision, kernels } = trainer.info;
    const count = threads === 'auto' ? usableCores().count : threads;
    return new TrainingRate(await Settings.open(folder), {
      what: 'training',
      file: basename(path),
      bytes: (await stat(path)).size,
      processor: processorKind(),
      kernels: `${precision} ${device ?? kernels}, ${count} threads`,
    });
  }

  /** Tokens a second of the last run with this model, processor and kernels; undefined if there was none. */
  get measured(): number | undefined {
    return measuredRate(this.#settings, this.#of)?.tokensPerSecond;
  }

  /** Notes one step. */
  add(step: { readonly tokens: number; readonly seconds: number }): void {
    if (step.seconds > 0) this.#steps.push(step.tokens / step.seconds);
  }

  /** Keeps the median of the steps for later runs. A rate is a convenience: what keeps it from being written is no fault. */
  async record(): Promise<void> {
    if (this.#steps.length < leastSteps) return;
    const sorted = this.#steps.toSorted((a, b) => a - b);
    await recordRate(this.#settings, this.#of, sorted[sorted.length >> 1]!).catch(
      (_: DramatisError) => {},
    );
  }
}

interface TrainingRateOptions {
  readonly trainer: Pick<Trainer, 'info'>;
  readonly device?: string | undefined;
  readonly threads?: Threads | undefined;
}
