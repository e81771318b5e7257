import type { Argv } from 'yargs';
import {
  adapterSpeedDefaults,
  measureDefaults,
  speedDefaults,
  usualBatches,
  usualContexts,
} from '../../engine/bench/bench-defaults.ts';
import { benchNames } from '../../engine/bench/measured.ts';
import { commit } from '../../workspace/program.ts';
import { defineCommand, defineDefault, defineGroup } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { computeOptions, modelOption, wholeFrom } from '../options/model-options.ts';
import { rpcOptions } from '../options/rpc-options.ts';

/** Where what was measured is kept, and what it is set against. */
const keptOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'File to keep the measurements in, with machine and model',
    })
    .option('against', {
      type: 'string',
      requiresArg: true,
      describe: 'File that an earlier --out wrote: prints the ratios, with intervals',
    });

const speedOptions = (yargs: Argv) =>
  keptOptions(modelOption(rpcOptions(computeOptions(yargs))))
    .option('prompt', {
      alias: 'p',
      type: 'string',
      default: speedDefaults.promptTokens,
      coerce: wholeFrom('--prompt', 0, 1 << 20),
      describe: 'Tokens to read; 0 leaves the test out',
    })
    .option('generate', {
      alias: 'n',
      type: 'string',
      default: speedDefaults.generatedTokens,
      coerce: wholeFrom('--generate', 0, 1 << 20),
      describe: 'Tokens to generate; 0 leaves the test out',
    })
    .option('repetitions', {
      alias: 'r',
      type: 'string',
      default: speedDefaults.repetitions,
      coerce: wholeFrom('--repetitions', 1, 1000),
      describe: 'How often each test is timed, after one that is not',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: "Print an array of objects with llama-bench's fields",
    })
    .example('$0 bench speed', 'The model in use on the usable cores')
    .example('$0 bench speed --model ./mine.gguf --threads 1 --json', '');

const speed = defineCommand({
  command: 'speed',
  describe: 'Measure tokens per second, as llama-bench does',
  builder: speedOptions,
  async handler(given) {
    const { runSpeed } = await import('./run-speed.ts');
    const { prompt, generate, repetitions, ...options } = given;
    const asked = { prompt, generate, repetitions };
    await runSpeed(options, {
      promptTokens: asked.prompt ?? speedDefaults.promptTokens,
      generatedTokens: asked.generate ?? speedDefaults.generatedTokens,
      repetitions: asked.repetitions ?? speedDefaults.repetitions,
      commit: commit(),
      signal: interrupted(),
    });
  },
});

const adapterOptions = (yargs: Argv) =>
  keptOptions(modelOption(computeOptions(yargs)))
    .option('rank', {
      type: 'string',
      default: adapterSpeedDefaults.rank,
      coerce: wholeFrom('--rank', 1, 256),
      describe: 'Rank of the adapters, which change all matrices',
    })
    .option('repetitions', {
      alias: 'r',
      type: 'string',
      default: adapterSpeedDefaults.rounds,
      coerce: wholeFrom('--repetitions', 1, 1000),
      describe: 'How many tokens of each kind are timed',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of { what, ours, stock, ratio, unit }',
    })
    .example('$0 bench adapters', 'The model in use on the usable cores')
    .example('$0 bench adapters --threads 2 --json', '');

const adapters = defineCommand({
  command: 'adapters',
  describe: "Measure what adapters cost, beside llama.cpp's own way",
  builder: adapterOptions,
  async handler({ rank, repetitions, ...given }) {
    const { runAdapterSpeed } = await import('./run-adapter-speed.ts');
    await runAdapterSpeed(given, {
      rank: rank ?? adapterSpeedDefaults.rank,
      rounds: repetitions ?? adapterSpeedDefaults.rounds,
      signal: interrupted(),
    });
  },
});

const grammar = defineCommand({
  command: 'grammar [files..]',
  describe: "Measure weighted grammars beside llama.cpp's own grammar sampler",
  builder: (yargs: Argv) =>
    keptOptions(modelOption(computeOptions(yargs)))
      .positional('files', {
        type: 'string',
        array: true,
        describe: 'Grammars to measure; built-in ones if none are given',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print an array of {grammar, ours_us, stock_us, identical}',
      })
      .example('$0 bench grammar --json', ''),
  async handler({ files, ...given }) {
    const { runBenchGrammar } = await import('./run-bench-grammar.ts');
    await runBenchGrammar({ ...given, files: files ?? [] });
  },
});

/** "128,512" as numbers in rising order. */
const listFrom =
  (option: string, most: number) =>
  (given: string | undefined): readonly number[] | undefined => {
    if (given === undefined) return undefined;
    const numbers = String(given)
      .split(',')
      .map(wholeFrom(option, 1, most));
    return [...new Set(numbers as number[])].sort((a, b) => a - b);
  };

const measure = defineDefault({
  positionals: '[benches..]',
  describe: 'Measure all there is, or what is named',
  builder: (yargs: Argv) =>
    keptOptions(modelOption(computeOptions(yargs)))
      .positional('benches', {
        type: 'string',
        array: true,
        describe: `Some of ${benchNames.join(', ')}; all unless given`,
      })
      .option('repetitions', {
        alias: 'r',
        type: 'string',
        default: measureDefaults.repetitions,
        coerce: wholeFrom('--repetitions', 1, 1000),
        describe: 'How often each is timed, after one that is not',
      })
      .option('contexts', {
        type: 'string',
        requiresArg: true,
        defaultDescription: usualContexts.join(','),
        coerce: listFrom('--contexts', 1 << 20),
        describe: 'Tokens in the context, for "context"',
      })
      .option('batches', {
        type: 'string',
        requiresArg: true,
        defaultDescription: usualBatches.join(','),
        coerce: listFrom('--batches', 64),
        describe: 'Sequences side by side, for "batch"',
      })
      .option('turns', {
        type: 'string',
        default: measureDefaults.turns,
        coerce: wholeFrom('--turns', 3, 1000),
        describe: 'Turns of each scene, for "stage"',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print what --out writes, and the comparison',
      })
      .example('$0 bench', 'Everything, with the model in use')
      .example('$0 bench context batch --out today.json', 'Two curves, kept')
      .example('$0 bench context batch --against today.json', 'What is faster than then'),
  async handler({
    benches,
    model,
    threads,
    gpu,
    offline,
    acceptLicence,
    json,
    out,
    against,
    ...asked
  }) {
    const { runMeasure } = await import('./run-measure.ts');
    await runMeasure(
      { model, threads, gpu, offline, acceptLicence, json, out, against },
      {
        benches,
        repetitions: asked.repetitions ?? measureDefaults.repetitions,
        turns: asked.turns ?? measureDefaults.turns,
        contexts: asked.contexts,
        batches: asked.batches,
        signal: interrupted(),
      },
    );
  },
});

const report = defineCommand({
  command: 'report [files..]',
  describe: 'Draw files of measurements as one page',
  builder: (yargs: Argv) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        describe: 'Files that "dramatis bench --out" wrote',
      })
      .option('out', {
        type: 'string',
        default: '.',
        requiresArg: true,
        describe: 'Folder for speed.html',
      })
      .example('$0 bench report small.json large.json --out pages', ''),
  async handler({ files, out }) {
    if (!files?.length) throw new UsageError('bench report needs one file or more');
    const { runBenchReport } = await import('./run-bench-report.ts');
    await runBenchReport(files, out);
  },
});

export const bench = defineGroup({
  name: 'bench',
  describe: 'Measure this machine',
  commands: [measure, speed, adapters, grammar, report],
});
