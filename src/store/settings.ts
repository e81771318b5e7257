import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { type Checked, type DamagedJson, DurableJson } from './durable-json.ts';
import { folders } from './folders.ts';
import type { LockOptions } from './lock.ts';

/** What a rate was measured of: another file, processor or set of kernels has another rate. */
export interface RateOf {
  readonly what: 'training' | 'reading' | 'generation';
  /** Name of the model's file, without its folder. */
  readonly file: string;
  /** Size of its weights: two models of one name differ in it. */
  readonly bytes: number;
  /** What `processorKind()` gives. */
  readonly processor: string;
  /** Precision, kernels or device, and threads, such as "bf16 avx512bf16, 2 threads". */
  readonly kernels: string;
}

/** A rate as it was measured last. */
export interface MeasuredRate extends RateOf {
  readonly tokensPerSecond: number;
  /** When it was measured; ISO 8601. */
  readonly date: string;
}

/** What training computes with on one kind of processor. */
export interface TrainerKernels {
  /** What the engine chose by itself the last time that nothing was asked for. */
  readonly chosen?: { readonly kernels: string; readonly precision: string };
  /** What this user wants instead: "amx", "avx512bf16", "avx512", "avx2" or "plain". */
  readonly kernels?: string;
}

/** Whose kernels compute one kind of work in a step on one kind of processor, and by what measurement. */
export interface StepKernels {
  /** True: our own; false: ggml's. */
  readonly own: boolean;
  /** For each number of inputs computed together, how many times as long ggml's kernels take as ours. */
  readonly gains: readonly { readonly columns: number; readonly times: number }[];
  /** The two sets of kernels that were compared, such as "avx512vnni 1, ggml 0.15.3". */
  readonly compared: string;
  /** When it was measured; ISO 8601. */
  readonly date: string;
}

/** Everything the settings may hold. Keys that this version does not know are kept as they are. */
export interface SettingsData {
  /** The model used when none is named: an id of the catalogue, a path, or a Hugging Face URI. */
  model?: string;
  /** The better model that this user was last told of: an id of the catalogue. */
  suggested?: string;
  /** Plays whose lack of digests this user was told of, by the beginning of the text's SHA-256; the newest last. */
  undigested?: string[];
  rates?: MeasuredRate[];
  /** By kind of processor: one home may serve the nodes of a cluster. */
  trainer?: Record<string, TrainerKernels>;
  /** By kind of processor, then by kind of work: "Q4_K" for products with such matrices, "attention". */
  steps?: Record<string, Record<string, StepKernels>>;
}

/**
 * The settings of this user on this machine: one small file, `settings.json`, that several processes may change.
 *
 * Opening reads the file once; `get` answers from that. A damaged file is no error: the settings before it count, or
 * none, `damage` says so, and the first `update` keeps the damaged file beside the new one.
 */
export class Settings {
  readonly #json: DurableJson<SettingsData>;
  #data: SettingsData;

  private constructor(json: DurableJson<SettingsData>, data: SettingsData) {
    this.#json = json;
    this.#data = data;
  }

  /** @throws {DramatisError} STORE_DAMAGED if a newer Dramatis wrote the file. */
  static async open(folder: string = folders().config, disk?: Disk): Promise<Settings> {
    const json = new DurableJson<SettingsData>(join(folder, settingsFile), {
      format: 'dramatis-settings',
      version: 1,
      check,
      isPrivate: true,
      ...(disk && { disk }),
    });
    return new Settings(json, (await json.read()) ?? {});
  }

  get path(): string {
    return this.#json.path;
  }

  /** What was wrong with the file when it was last read. */
  get damage(): DamagedJson | undefined {
    return this.#json.damage;
  }

  get<K extends keyof SettingsData>(key: K): Readonly<SettingsData>[K] {
    return this.#data[key];
  }

  /**
   * Reads the file again, changes it and writes it, while no other process does.
   *
   * @param change Changes its argument in place.
   * @throws {DramatisError} LOCKED, STORE_UNWRITABLE, STORE_DAMAGED if a newer Dramatis wrote the file.
   */
  async update(change: (data: SettingsData) => void, options?: LockOptions): Promise<void> {
    this.#data = await this.#json.update({}, change, options);
  }
}

/** Name of the file in the folder of the configuration. */
export const settingsFile = 'settings.json';

function check(data: unknown): Checked<SettingsData> {
  if (!isRecord(data)) return { fault: 'it holds no object' };
  const { rates = [], trainer = {}, steps = {}, undigested = [] } = data;
  for (const key of ['model', 'suggested'] as const) {
    if (data[key] === undefined || typeof data[key] === 'string') continue;
    return { fault: `"${key}" is ${JSON.stringify(data[key])}, where a text is wanted` };
  }
  if (!Array.isArray(undigested) || !undigested.every((one) => typeof one === 'string')) {
    return { fault: '"undigested" is not a list of texts' };
  }
  if (!Array.isArray(rates) || !rates.every(isRate)) {
    return { fault: '"rates" is not a list of measured rates' };
  }
  if (!isRecord(trainer) || !Object.values(trainer).every(isTrainerKernels)) {
    return { fault: '"trainer" does not give kernels by kind of processor' };
  }
  if (!isRecord(steps) || !Object.values(steps).every(isSteps)) {
    return { fault: '"steps" does not give kernels by kind of processor and work' };
  }
  return { data };
}

function isSteps(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isStepKernels);
}

function isStepKernels(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { own, gains, compared, date } = value;
  return (
    typeof own === 'boolean' &&
    [compared, date].every((one) => typeof one === 'string') &&
    Array.isArray(gains) &&
    gains.every(
      (one) => isRecord(one) && typeof one.columns === 'number' && typeof one.times === 'number',
    )
  );
}

function isRate(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { what, file, bytes, processor, kernels, tokensPerSecond, date } = value;
  const texts = [what, file, processor, kernels, date];
  return (
    texts.every((one) => typeof one === 'string') &&
    [bytes, tokensPerSecond].every((one) => typeof one === 'number' && one > 0)
  );
}

function isTrainerKernels(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { chosen, kernels } = value;
  const isChosen =
    chosen === undefined ||
    (isRecord(chosen) &&
      typeof chosen.kernels === 'string' &&
      typeof chosen.precision === 'string');
  return isChosen && (kernels === undefined || typeof kernels === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
