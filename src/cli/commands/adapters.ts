import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { exportAdapter, importAdapter } from './adapters-files.ts';
import { promote, prune, rollback } from './adapters-use.ts';

const jsonOption = <T>(yargs: Argv<T>, describe: string) =>
  yargs.option('json', { type: 'boolean', default: false, describe });

const idPositional = <T, K extends string>(yargs: Argv<T>, key: K, describe: string) =>
  yargs.positional(key, { type: 'string', demandOption: true, describe });

const list = defineCommand({
  command: 'list',
  describe: 'List the versions here, the newest first; * = promoted',
  builder: (yargs: Argv) =>
    jsonOption(yargs, 'Print an array of versions with "promoted" and their figures')
      .option('play', { type: 'string', requiresArg: true, describe: 'Of this play alone' })
      .option('character', {
        type: 'string',
        requiresArg: true,
        describe: 'Of this character alone',
      })
      .example('$0 adapters list --character hamlet', ''),
  async handler(given) {
    const { runList } = await import('./run-adapters.ts');
    await runList(given);
  },
});

const show = defineCommand({
  command: 'show <id>',
  describe: 'All that is known of a version, and what the gate says',
  builder: (yargs: Argv) =>
    idPositional(
      jsonOption(yargs, 'Print one object: version, metrics, gate, events'),
      'id',
      'As much of the id as tells it from the others',
    ).example('$0 adapters show 3f9a', ''),
  async handler(given) {
    const { runShow } = await import('./run-adapters.ts');
    await runShow(given);
  },
});

const diff = defineCommand({
  command: 'diff <a> <b>',
  describe: 'In what two versions differ',
  builder: (yargs: Argv) =>
    idPositional(
      idPositional(jsonOption(yargs, 'Print an array of {field, a, b}'), 'a', 'Id of one version'),
      'b',
      'Id of the other',
    ).example('$0 adapters diff 3f9a c0d1', ''),
  async handler(given) {
    const { runDiff } = await import('./run-adapters.ts');
    await runDiff(given);
  },
});

const verify = defineCommand({
  command: 'verify',
  describe: 'Read every stored file again; exit 1 if one is damaged',
  builder: (yargs: Argv) =>
    jsonOption(yargs, 'Print {checked, damage, faults}').example('$0 adapters verify', ''),
  async handler(given) {
    const { runVerify } = await import('./run-adapters.ts');
    await runVerify(given);
  },
});

export const adapters = defineGroup({
  name: 'adapters',
  describe: 'Versions of trained adapters: compare, promote, roll back',
  commands: [list, show, diff, promote, rollback, verify, prune, importAdapter, exportAdapter],
});
