import { basename } from 'node:path';
import { ifWritable } from '../store/if-writable.ts';
import { measuredRate, recordRate } from '../store/measured-rates.ts';
import { processorKind } from '../store/processor-kind.ts';
import type { RateOf, Settings } from '../store/settings.ts';
import {
  noteChosenKernels,
  type TrainerKernelName,
  wantedKernels,
} from '../store/trainer-kernels.ts';
import { backendsOf, type SpeedRow } from './bench/speed.ts';
import { type ComputeOptions, compute, gpuLayers } from './compute.ts';
import { usableCores } from './cores.ts';
import type { Model } from './model.ts';
import type { Trainer } from './trainer.ts';

type Weights = Pick<Model, 'path' | 'info'>;

/** What a training rate depends on beside the model. */
export interface TrainingMachine extends Pick<ComputeOptions, 'threads'> {
  /** The trainer's `device`, if it was opened on one. */
  readonly device?: string | undefined;
}

/** Options for `Trainer.open` that the settings know: the kernels this user wants on this kind of processor. */
export function trainerOptionsFrom(settings: Settings): { kernels?: TrainerKernelName } {
  const kernels = wantedKernels(settings, processorKind());
  return kernels === undefined ? {} : { kernels };
}

/** Tokens a second that training was measured at here, with this model and these kernels; undefined if it was not. */
export function knownTrainingRate(
  settings: Settings,
  model: Weights,
  trainer: Pick<Trainer, 'info'>,
  machine: TrainingMachine = {},
): number | undefined {
  return measuredRate(settings, trainingRateOf(model, trainer, machine))?.tokensPerSecond;
}

/**
 * Keeps what a training run has found out: its rate, and the kernels that the engine chose if nobody asked for any.
 *
 * Settings that cannot be written are no reason to fail: all of it is measured again the next time.
 *
 * @param tokensPerSecond undefined if no step was taken.
 */
export async function recordTraining(
  settings: Settings,
  model: Weights,
  trainer: Pick<Trainer, 'info'>,
  tokensPerSecond: number | undefined,
  machine: TrainingMachine = {},
): Promise<void> {
  const isChosen = wantedKernels(settings, processorKind()) === undefined && !machine.device;
  await ifWritable(async () => {
    if (isChosen) await noteChosenKernels(settings, processorKind(), trainer.info);
    if (tokensPerSecond === undefined) return;
    await recordRate(settings, trainingRateOf(model, trainer, machine), tokensPerSecond);
  });
}

/** Keeps a rate that `measureSpeed` found: of reading if it read, else of generation. */
export async function recordSpeed(
  settings: Settings,
  model: Weights,
  row: SpeedRow,
): Promise<void> {
  const what = row.n_prompt > 0 ? 'reading' : 'generation';
  await ifWritable(() => recordRate(settings, rateOf(model, what, kernelsText(row)), row.avg_ts));
}

/**
 * Keeps the rate of generation that a trial or a conversation found. One that is lower than what is known counts by half,
 * since another program may have slowed it down; one that differs by less than a tenth is not worth a write.
 */
export async function recordGeneration(
  settings: Settings,
  model: Weights,
  tokensPerSecond: number,
  options: ComputeOptions = {},
): Promise<void> {
  const of = rateOf(model, 'generation', kernelsFor(options));
  const known = measuredRate(settings, of)?.tokensPerSecond;
  const rate = known === undefined ? tokensPerSecond : tempered(known, tokensPerSecond);
  if (rate === known) return;
  await ifWritable(() => recordRate(settings, of, rate));
}

function tempered(known: number, found: number): number {
  if (Math.abs(found / known - 1) < 0.1) return known;
  return found > known ? found : (known + found) / 2;
}

/** What a model is computed by here, such as "CPU, 2 threads". */
export function kernelsFor({ threads = 'auto', gpu, rpc }: ComputeOptions = {}): string {
  const addon = compute();
  return kernelsText({
    backends: backendsOf(addon, rpc?.servers.length),
    n_threads: threads === 'auto' ? usableCores().count : threads,
    n_gpu_layers: gpuLayers(addon, gpu, rpc),
  });
}

function kernelsText(row: Pick<SpeedRow, 'backends' | 'n_threads' | 'n_gpu_layers'>): string {
  const onGpu = row.n_gpu_layers < 0 ? 'all' : row.n_gpu_layers;
  const layers = onGpu === 0 ? '' : `, ${onGpu} layers on a GPU`;
  return `${row.backends}, ${threadsText(row.n_threads)}${layers}`;
}

function trainingRateOf(
  model: Weights,
  { info }: Pick<Trainer, 'info'>,
  { threads = 'auto', device }: TrainingMachine,
): RateOf {
  const count = threads === 'auto' ? usableCores().count : threads;
  const kernels = device ?? `${info.precision} ${info.kernels}, ${threadsText(count)}`;
  return rateOf(model, 'training', kernels);
}

function rateOf({ path, info }: Weights, what: RateOf['what'], kernels: string): RateOf {
  return { what, file: basename(path), bytes: info.bytes, processor: processorKind(), kernels };
}

const threadsText = (count: number): string => `${count} thread${count === 1 ? '' : 's'}`;
