import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { fetchOptions } from '../options/model-options.ts';

const json = { type: 'boolean', default: false } as const;

export const importAdapter = defineCommand({
  command: 'import <from>',
  describe: 'Register an adapter from elsewhere: a .gguf, or a folder of PEFT',
  builder: (yargs: Argv) =>
    fetchOptions(yargs)
      .positional('from', {
        type: 'string',
        demandOption: true,
        describe: 'FILE.gguf, or a folder with adapter_config.json',
      })
      .option('model', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'Base that it was trained on; it must fit',
      })
      .option('character', {
        type: 'string',
        requiresArg: true,
        describe: 'Whose voice it is; left out for a play adapter (with --play)',
      })
      .option('play', {
        type: 'string',
        requiresArg: true,
        describe:
          'Id from "dramatis plays", or a file; by default the one play that has the character',
      })
      .option('form', {
        choices: ['chat', 'script'] as const,
        describe: 'In which it was trained; needed where the file does not say',
      })
      .option('scope', {
        choices: ['context', 'turn'] as const,
        default: 'context' as const,
        describe: 'Applied to all that is read, or to its own turns alone',
      })
      .option('on', {
        type: 'string',
        requiresArg: true,
        describe: 'Id of the play adapter that it was trained on top of',
      })
      .option('note', { type: 'string', requiresArg: true, describe: 'Kept with it' })
      .option('json', { ...json, describe: 'Print the version' })
      .example('$0 adapters import peft-out --character hamlet --model smollm2-135m', ''),
  async handler(given) {
    const { runImport } = await import('./run-adapters-files.ts');
    await runImport({ ...given, signal: interrupted() });
  },
});

export const exportAdapter = defineCommand({
  command: 'export <id> <to>',
  describe: 'Write a version as one .gguf file, or as a folder that PEFT reads',
  builder: (yargs: Argv) =>
    fetchOptions(yargs)
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the version' })
      .positional('to', {
        type: 'string',
        demandOption: true,
        describe: 'FILE.gguf, else a folder for PEFT; neither may be there yet',
      })
      .option('model', {
        type: 'string',
        requiresArg: true,
        describe: 'Its base, for PEFT; by default the one it names',
      })
      .option('base-name', {
        type: 'string',
        requiresArg: true,
        describe: 'What PEFT is to load as the base, such as user/model',
      })
      .option('json', { ...json, describe: 'Print {id, files}' })
      .example('$0 adapters export 3f9a hamlet.gguf', '')
      .example('$0 adapters export 3f9a hamlet-peft --base-name user/model', ''),
  async handler(given) {
    const { runExport } = await import('./run-adapters-files.ts');
    await runExport({ ...given, signal: interrupted() });
  },
});
