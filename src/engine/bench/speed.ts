import { basename } from 'node:path';
import { processorKind } from '../../store/processor-kind.ts';
import type { Model } from '../model.ts';
import type { NativeAddon } from '../native.ts';
import { greedy } from '../sampling.ts';
import type { Session } from '../session/session.ts';

/** One test, under the names llama-bench gives its fields, so that what reads its JSON reads ours. */
export interface SpeedRow {
  readonly build_commit: string;
  readonly cpu_info: string;
  readonly gpu_info: string;
  readonly backends: string;
  readonly model_filename: string;
  readonly model_type: string;
  /** Bytes. */
  readonly model_size: number;
  readonly model_n_params: number;
  readonly n_batch: number;
  /** The most that were used; under "auto" a step may have run on fewer. */
  readonly n_threads: number;
  readonly n_gpu_layers: number;
  /** Tokens read, or 0. */
  readonly n_prompt: number;
  /** Tokens generated, or 0. */
  readonly n_gen: number;
  /** When the test began, ISO 8601. */
  readonly test_time: string;
  /** Nanoseconds a repetition. */
  readonly avg_ns: number;
  readonly stddev_ns: number;
  /** Tokens per second. */
  readonly avg_ts: number;
  readonly stddev_ts: number;
  readonly samples_ns: readonly number[];
  readonly samples_ts: readonly number[];
}

export interface SpeedOptions {
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly repetitions: number;
  /** The most that are used. */
  readonly threads: number;
  readonly gpuLayers: number;
  readonly commit: string;
  readonly signal?: AbortSignal;
  /** Told before each repetition, warm-up included. */
  readonly onRepetition?: (test: string, index: number) => void;
}

/**
 * Reads and generates as llama-bench does: from an empty cache, greedy, one warm-up not counted.
 *
 * Unlike llama-bench the time includes sampling and the way to JavaScript and back for each token:
 * it is what a reader of a stream gets.
 */
export async function* measureSpeed(
  model: Model,
  addon: NativeAddon,
  options: SpeedOptions,
): AsyncGenerator<SpeedRow> {
  const { promptTokens, generatedTokens } = options;
  using session = await model.session({
    window: Math.min(model.info.trainedWindow, Math.max(promptTokens, generatedTokens + 1)),
  });
  const tests = [
    { name: `pp${promptTokens}`, prompt: promptTokens, generated: 0, run: readPrompt },
    { name: `tg${generatedTokens}`, prompt: 0, generated: generatedTokens, run: generate },
  ];
  for (const { name, prompt, generated, run } of tests) {
    if (prompt + generated === 0) continue;
    const testTime = new Date().toISOString();
    const samples: number[] = [];
    for (let i = 0; i <= options.repetitions; i++) {
      options.signal?.throwIfAborted();
      options.onRepetition?.(name, i);
      const ns = await run(session, prompt + generated, options.signal);
      if (i > 0) samples.push(ns);
    }
    yield row(model, addon, options, { prompt, generated, testTime, samples });
  }
}

/** Tokens that no cache holds: a different one first each time. */
function distinctTokens(session: Session, n: number): Int32Array {
  const { vocabulary } = session.model.info;
  const first = (session.length + distinct++) % vocabulary;
  return Int32Array.from({ length: n }, (_, i) => (first + 7919 * i) % vocabulary);
}
let distinct = 1;

async function readPrompt(session: Session, n: number, signal?: AbortSignal): Promise<number> {
  const tokens = distinctTokens(session, n);
  const start = process.hrtime.bigint();
  await session.prefill(tokens, signal);
  return Number(process.hrtime.bigint() - start);
}

/** The first token comes from the prompt's logits, so one more is generated than is timed. */
async function generate(session: Session, n: number, signal?: AbortSignal): Promise<number> {
  const bias = new Map(Array.from(session.model.info.ends, (end) => [end, -1e9] as const));
  const stream = session.generate(distinctTokens(session, 1), {
    sampling: greedy,
    maxTokens: n + 1,
    bias,
    ...(signal && { signal }),
  });
  await stream.next();
  const start = process.hrtime.bigint();
  for (let i = 0; i < n; i++) await stream.next();
  const ns = Number(process.hrtime.bigint() - start);
  await stream.return('length');
  return ns;
}

/**
 * The back-ends that a model is computed with, as llama-bench lists them, such as "CPU".
 *
 * @param servers How many RPC servers compute, too.
 */
export function backendsOf(addon: NativeAddon, servers = 0): string {
  const here = [...new Set(addon.devices().map(({ backend }) => backend))];
  return [...here, ...(servers > 0 ? [`RPC to ${servers}`] : [])].join(',');
}

function row(
  model: Model,
  addon: NativeAddon,
  { threads, gpuLayers, commit }: SpeedOptions,
  test: { prompt: number; generated: number; testTime: string; samples: readonly number[] },
): SpeedRow {
  const devices = addon.devices();
  const gpus = devices.filter(({ kind }) => kind === 'gpu' || kind === 'igpu');
  const rates = test.samples.map((ns) => ((test.prompt + test.generated) * 1e9) / ns);
  return {
    build_commit: commit,
    cpu_info: processorKind(),
    gpu_info: gpus.map(({ description }) => description).join(', '),
    backends: backendsOf(addon, model.servers.length),
    model_filename: basename(model.path),
    model_type: model.info.description,
    model_size: model.info.bytes,
    model_n_params: model.info.parameters,
    n_batch: Math.max(test.prompt, 1),
    n_threads: threads,
    n_gpu_layers: gpuLayers,
    n_prompt: test.prompt,
    n_gen: test.generated,
    test_time: test.testTime,
    avg_ns: Math.round(mean(test.samples)),
    stddev_ns: Math.round(deviation(test.samples)),
    avg_ts: mean(rates),
    stddev_ts: deviation(rates),
    samples_ns: test.samples,
    samples_ts: rates,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample, divided by n − 1. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}
