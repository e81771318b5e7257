import type { Argv } from 'yargs';
import { adapterSpeedDefaults } from '../../engine/bench/adapter-speed.ts';
import { speedDefaults } from '../../engine/bench/speed.ts';
import { commit } from '../../workspace/program.ts';
import { defineCommand, defineGroup } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { computeOptions, modelOption, wholeFrom } from '../options/model-options.ts';

const speedOptions = (yargs: Argv) =>
  modelOption(computeOptions(yargs))
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
  async handler({ model, threads, gpu, offline, acceptLicence, json, ...asked }) {
    const { runSpeed } = await import('./run-speed.ts');
    await runSpeed(
      { model, threads, gpu, offline, acceptLicence, json },
      {
        promptTokens: asked.prompt ?? speedDefaults.promptTokens,
        generatedTokens: asked.generate ?? speedDefaults.generatedTokens,
        repetitions: asked.repetitions ?? speedDefaults.repetitions,
        commit: commit(),
        signal: interrupted(),
      },
    );
  },
});

const adapterOptions = (yargs: Argv) =>
  modelOption(computeOptions(yargs))
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
  async handler({ model, threads, gpu, offline, acceptLicence, json, rank, repetitions }) {
    const { runAdapterSpeed } = await import('./run-adapter-speed.ts');
    await runAdapterSpeed(
      { model, threads, gpu, offline, acceptLicence, json },
      {
        rank: rank ?? adapterSpeedDefaults.rank,
        rounds: repetitions ?? adapterSpeedDefaults.rounds,
        signal: interrupted(),
      },
    );
  },
});

const grammar = defineCommand({
  command: 'grammar [files..]',
  describe: "Measure weighted grammars beside llama.cpp's own grammar sampler",
  builder: (yargs: Argv) =>
    modelOption(computeOptions(yargs))
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

export const bench = defineGroup({
  name: 'bench',
  describe: 'Measure this machine',
  commands: [speed, adapters, grammar],
});
