import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { computeOptions, wholeFrom } from '../options/model-options.ts';

/** Versions of each character that pruning keeps. */
const keptVersions = 5;

const json = { type: 'boolean', default: false } as const;

export const promote = defineCommand({
  command: 'promote <id>',
  describe: 'Put a version in use, if the gate lets it pass',
  builder: (yargs: Argv) =>
    computeOptions(yargs)
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the version' })
      .option('results', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: 'Files of "dramatis eval --json" with this adapter: dev, and train for recite',
      })
      .option('measure', {
        type: 'boolean',
        default: false,
        describe: 'Measure what the gate lacks without asking; on a terminal it asks',
      })
      .option('model', {
        type: 'string',
        requiresArg: true,
        describe: 'Base to measure on, if it is not found by its name',
      })
      .option('play', {
        type: 'string',
        requiresArg: true,
        describe: 'Text to measure on, if it is not found by its name',
      })
      .option('force', {
        type: 'string',
        requiresArg: true,
        describe: 'Promote it all the same; the reason is kept',
      })
      .option('json', { ...json, describe: 'Print {version, gate, replaced}' })
      .example('$0 adapters promote 3f9a --measure', 'Measure all that the gate looks at')
      .example('$0 adapters promote 3f9a --results dev.json', 'Ask before measuring the rest')
      .example('$0 adapters promote 3f9a --force "for the demonstration"', ''),
  async handler(given) {
    if (given.force?.trim() === '') throw new UsageError('--force is blank; a reason is wanted');
    const { runPromote } = await import('./run-adapters-use.ts');
    await runPromote({ ...given, signal: interrupted() });
  },
});

export const rollback = defineCommand({
  command: 'rollback <who>',
  describe: 'Go back to the version promoted before; chats follow at once',
  builder: (yargs: Argv) =>
    yargs
      .positional('who', {
        type: 'string',
        demandOption: true,
        describe: 'Character, or id of the version in use',
      })
      .option('play', { type: 'string', requiresArg: true, describe: 'Id of the play' })
      .option('model', { type: 'string', requiresArg: true, describe: 'Base, as "list" names it' })
      .option('form', { choices: ['chat', 'script'] as const, describe: 'Of the version in use' })
      .option('reason', {
        type: 'string',
        requiresArg: true,
        default: '',
        describe: 'Kept in the history',
      })
      .option('json', { ...json, describe: 'Print {from, to}; "to" is null for the base alone' })
      .example('$0 adapters rollback hamlet --reason "he forgets his name"', ''),
  async handler(given) {
    const { runRollback } = await import('./run-adapters-use.ts');
    await runRollback(given);
  },
});

export const prune = defineCommand({
  command: 'prune',
  describe: 'Delete old versions; what is in use, and before it, stays',
  builder: (yargs: Argv) =>
    yargs
      .option('keep', {
        type: 'string',
        default: keptVersions,
        requiresArg: true,
        coerce: wholeFrom('--keep', 0, 1_000_000),
        describe: 'The newest of each character and base that stay',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Delete nothing, list them' })
      .option('json', { ...json, describe: 'Print an array of the versions' })
      .example('$0 adapters prune --keep 3 --dry-run', ''),
  async handler({ keep, ...given }) {
    const { runPrune } = await import('./run-adapters-use.ts');
    await runPrune({ ...given, keep: keep ?? keptVersions });
  },
});
