#!/usr/bin/env node
import yargs, { type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { commands } from './commands.ts';
import { exitWith, UsageError } from './failure.ts';

try {
  await yargs(hideBin(process.argv))
    .scriptName('dramatis')
    .usage('$0 <command>\n\nTalk with the characters of a play, on your own machine, offline.')
    .command(commands as CommandModule[])
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .alias('h', 'help')
    .alias('v', 'version')
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message);
    })
    .parseAsync();
} catch (error) {
  exitWith(error);
}
