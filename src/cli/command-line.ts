import yargs from 'yargs';
import { requireFolders } from '../store/folders.ts';
import { version } from '../workspace/program.ts';
import { commands } from './commands.ts';
import { UsageError } from './failure.ts';
import { nameOf, unknownCommand } from './unknown-command.ts';

/** Commands that say themselves what is wrong with the folders, or have nothing to do with them. */
const needsNoFolders = new Set(['doctor', 'env', 'completion', 'parse', 'grammar']);

/**
 * Runs the command that the arguments ask for.
 *
 * @throws {DramatisError} USAGE for what cannot be understood, and whatever the command throws.
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const [first] = args;
  const isCommand = first !== undefined && !first.startsWith('-');
  if (isCommand && !commands.some((command) => nameOf(command) === first))
    throw unknownCommand(first, 'dramatis', commands);
  if (isCommand && !needsNoFolders.has(first)) await requireFolders();
  await yargs([...args])
    .scriptName('dramatis')
    .usage('$0 <command>\n\nTalk with the characters of a play, on your own machine, offline.')
    .command([...commands])
    .demandCommand(1, 'Name a command.')
    .version(version())
    .strict()
    .alias('h', 'help')
    .alias('v', 'version')
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .exitProcess(false)
    .fail((message, error) => {
      // What yargs finds wrong is usage, also where an option's own reader threw it; the rest is the command's.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(
        String(message ?? error?.message)
          .trim()
          .replaceAll(/\s*\n\s*/g, ' '),
      );
    })
    .parseAsync();
}
