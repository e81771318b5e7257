import { measureAdapterSpeed } from '../../engine/bench/adapter-speed.ts';
import { speedDefaults, usualBatches, usualContexts } from '../../engine/bench/bench-defaults.ts';
import { measureBatches, measureContexts, measureThreads } from '../../engine/bench/curves.ts';
import { benchGrammars, measureGrammar } from '../../engine/bench/grammar-speed.ts';
import {
  type BenchName,
  benchNames,
  type Measured,
  measuredAdapters,
  measuredGrammar,
  measuredSpeed,
} from '../../engine/bench/measured.ts';
import { measureSpeed } from '../../engine/bench/speed.ts';
import { measureTraining } from '../../engine/bench/train-speed.ts';
import { compute, gpuLayers } from '../../engine/compute.ts';
import { usableCores } from '../../engine/cores.ts';
import { DramatisError } from '../../errors.ts';
import { openModel } from '../open-model.ts';
import { commit, version } from '../program.ts';
import type { Workspace } from '../workspace.ts';
import { measuredMachine } from './measured-machine.ts';
import type { SpeedFile } from './speed-file.ts';
import { measureScenes } from './stage-speed.ts';
import { measureStarts } from './start-speed.ts';

export interface MeasureOptions {
  /** What is measured, in the order of `benchNames`; all of it unless given. */
  readonly benches?: readonly string[] | undefined;
  /** Default: the model in use. */
  readonly model?: string | undefined;
  /** How often each is timed, after one that is not. */
  readonly repetitions: number;
  /** Tokens in the context, sequences side by side: the points of the curves. */
  readonly contexts?: readonly number[] | undefined;
  readonly batches?: readonly number[] | undefined;
  /** Turns of each scene. */
  readonly turns: number;
  /** Words that start this program, for `start`, which makes processes of it. */
  readonly program: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export type MeasureEvent =
  | { readonly kind: 'begin'; readonly bench: BenchName; readonly i: number; readonly of: number }
  | { readonly kind: 'row'; readonly row: Measured }
  | { readonly kind: 'results'; readonly file: SpeedFile };

/**
 * Measures this machine with a model, one thing after the other, as a user meets it: the way from JavaScript to the engine
 * and back is in every figure.
 *
 * @throws {DramatisError} USAGE for a name that no bench has; what opening the model and each of them throws;
 *   `signal.reason`.
 */
export async function* measureMachine(
  workspace: Workspace,
  options: MeasureOptions,
): AsyncGenerator<MeasureEvent, void> {
  const asked = options.benches?.length ? options.benches : benchNames;
  const wrong = asked.find((name) => !benchNames.some((known) => known === name));
  if (wrong !== undefined)
    throw new DramatisError(
      'USAGE',
      `there is no bench "${wrong}"; there are ${benchNames.join(', ')}`,
    );
  const benches = benchNames.filter((name) => asked.includes(name));
  const date = new Date().toISOString();
  const about = await modelOf(workspace, options);
  const rows: Measured[] = [];
  for (const [i, bench] of benches.entries()) {
    options.signal?.throwIfAborted();
    yield { kind: 'begin', bench, i, of: benches.length };
    for await (const row of measured(workspace, bench, { ...options, path: about.path })) {
      rows.push(row);
      yield { kind: 'row', row };
    }
  }
  yield { kind: 'results', file: speedFile(workspace, { date, model: about.model, rows }) };
}

/** A file of what was measured, with what it depends on. */
export function speedFile(
  { compute: asked }: Pick<Workspace, 'compute'>,
  { date, model, rows }: Pick<SpeedFile, 'date' | 'model' | 'rows'>,
): SpeedFile {
  const { threads = 'auto', gpu = 'auto' } = asked;
  return {
    ...{ format: 'dramatis-speed', formatVersion: 1, date },
    versions: { dramatis: version(), commit: commit() },
    ...{ machine: measuredMachine(asked), model, threads, gpu, rows },
  };
}

/** What a file of measurements says of a model, and where it lies. */
export async function modelOf(
  workspace: Workspace,
  { model: named, signal }: Pick<MeasureOptions, 'model' | 'signal'>,
): Promise<{ readonly path: string; readonly model: SpeedFile['model'] }> {
  using opened = await openModel(workspace, named, signal);
  const { description, bytes, parameters } = opened.model.info;
  const sha256 = await opened.sha256();
  return {
    path: opened.path,
    model: { name: opened.name, description, sha256, bytes, parameters },
  };
}

async function* measured(
  workspace: Workspace,
  bench: BenchName,
  options: MeasureOptions & { readonly path: string },
): AsyncGenerator<Measured> {
  const { path, repetitions, signal, turns, program } = options;
  switch (bench) {
    case 'adapters': {
      const tests = { rank: 16, rounds: 8 * repetitions, signal };
      for await (const one of measureAdapterSpeed(path, { ...workspace.compute, ...tests }))
        yield* measuredAdapters(one);
      return;
    }
    case 'train':
      return yield* measureTraining(path, { ...workspace.compute, repetitions, signal });
    case 'start':
      return yield* measureStarts(workspace, { program, model: path, repetitions, signal });
    case 'stage':
      return yield* measureScenes(workspace, { model: path, turns, repetitions, signal });
    default:
      yield* ofModel(workspace, bench, options);
  }
}

/** Benches of a model that is opened for them. */
async function* ofModel(
  workspace: Workspace,
  bench: Exclude<BenchName, 'adapters' | 'train' | 'start' | 'stage'>,
  { path, repetitions, signal, contexts, batches }: MeasureOptions & { readonly path: string },
): AsyncGenerator<Measured> {
  using opened = await openModel(workspace, path, signal);
  const { model } = opened;
  switch (bench) {
    case 'speed': {
      const { threads = 'auto', gpu } = workspace.compute;
      const addon = compute(workspace.compute);
      for await (const row of measureSpeed(model, addon, {
        ...{ ...speedDefaults, repetitions, commit: commit() },
        threads: threads === 'auto' ? usableCores().count : threads,
        gpuLayers: gpuLayers(addon, gpu),
        ...(signal && { signal }),
      }))
        yield measuredSpeed(row);
      return;
    }
    case 'threads':
      return yield* measureThreads(model, workspace.compute.threads ?? 'auto', {
        repetitions,
        signal,
      });
    case 'context':
      return yield* measureContexts(model, contexts ?? usualContexts, { repetitions, signal });
    case 'batch':
      return yield* measureBatches(model, batches ?? usualBatches, { repetitions, signal });
    case 'grammar':
      for (const one of await benchGrammars([])) {
        signal?.throwIfAborted();
        yield* measuredGrammar(await measureGrammar(model, one));
      }
  }
}
