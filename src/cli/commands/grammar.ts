import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { wholeFrom } from '../options/model-options.ts';

const fileOption = (yargs: Argv) =>
  yargs.positional('file', {
    type: 'string',
    demandOption: true,
    describe: 'A weighted grammar, or a JSON Schema; "-" is the standard input',
  });

const jsonOption = <T>(yargs: Argv<T>, describe: string) =>
  yargs.option('json', { type: 'boolean', describe });

const check = defineCommand({
  command: 'check <file>',
  describe: 'Say what is wrong with a grammar: line, column, caret and what to do; exit code 2',
  builder: (yargs: Argv) =>
    jsonOption(fileOption(yargs), 'Print one object: rules, words, banned, classes').example(
      '$0 grammar check verse.gbnf',
      '',
    ),
  async handler({ file, json }) {
    const { runCheck } = await import('./run-grammar.ts');
    await runCheck(file, json);
  },
});

const explain = defineCommand({
  command: 'explain <file>',
  describe: 'Draw a grammar, with the shares of its alternatives',
  builder: (yargs: Argv) =>
    jsonOption(fileOption(yargs), 'Print the grammar as parsed')
      .option('svg', {
        type: 'boolean',
        describe: 'Draw railway diagrams as an SVG file',
      })
      .conflicts('json', 'svg')
      .example('$0 grammar explain verse.gbnf --svg > verse.svg', ''),
  async handler({ file, json, svg }) {
    const { runExplain } = await import('./run-grammar.ts');
    await runExplain(file, { json, svg });
  },
});

const sample = defineCommand({
  command: 'sample <file>',
  describe: 'Draw texts from a grammar by its weights, without a model',
  builder: (yargs: Argv) =>
    jsonOption(fileOption(yargs), 'Print an array of {text, nats}: nats is log W')
      .option('n', {
        type: 'string',
        default: 5,
        requiresArg: true,
        coerce: wholeFrom('--n', 1, 1_000_000),
        describe: 'How many',
      })
      .option('seed', {
        type: 'string',
        requiresArg: true,
        coerce: wholeFrom('--seed', 0, 2 ** 32 - 1),
        describe: 'The same seed gives the same texts; drawn if not given',
      })
      .example('$0 grammar sample verse.gbnf --n 3 --seed 1', '')
      .example('$0 grammar sample answer.schema.json', 'JSON that the schema allows'),
  async handler({ file, json, n, seed }) {
    const { runSample } = await import('./run-grammar.ts');
    await runSample(file, { n: n ?? 5, seed, json });
  },
});

const schema = defineCommand({
  command: 'schema <file>',
  describe: 'Turn a JSON Schema into the grammar of the JSON it allows',
  builder: (yargs: Argv) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'A JSON Schema; "-" is the standard input',
      })
      .example('$0 grammar schema answer.schema.json > answer.gbnf', ''),
  async handler({ file }) {
    const { runSchema } = await import('./run-grammar.ts');
    await runSchema(file);
  },
});

export const grammar = defineGroup({
  name: 'grammar',
  describe: 'Check, draw and try weighted grammars',
  commands: [check, explain, sample, schema],
});
