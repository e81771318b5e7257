import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { nameOf, unknownCommand } from './unknown-command.ts';

/**
 * A command whose handler gets the options that its builder declares, under their types.
 *
 * The cast is here so that it is nowhere else: yargs's own type wants the two to be unrelated.
 */
export function defineCommand<Options>(command: {
  readonly command: string | readonly string[];
  readonly describe: string;
  readonly builder: (yargs: Argv) => Argv<Options>;
  readonly handler: (options: ArgumentsCamelCase<Options>) => void | Promise<void>;
}): CommandModule {
  return command as unknown as CommandModule;
}

/** What a group does when none of its commands is named, such as `eval bits`. */
export function defineDefault<Options>({
  positionals,
  ...command
}: {
  readonly positionals: string;
  readonly describe: string;
  readonly builder: (yargs: Argv) => Argv<Options>;
  readonly handler: (options: ArgumentsCamelCase<Options>) => void | Promise<void>;
}): CommandModule {
  return defineCommand({ ...command, command: `$0 ${positionals}` });
}

/**
 * A command that holds others, such as `adapters`: alone, or before an unknown word, it says which there are, unless one of
 * them is a default.
 */
export function defineGroup({
  name,
  describe,
  commands,
}: {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly CommandModule[];
}): CommandModule {
  const named = commands.filter((command) => nameOf(command) !== '$0');
  return {
    // With a default the words that follow are the default's.
    command: named.length < commands.length ? name : `${name} [what..]`,
    describe,
    builder: (yargs) => commands.reduce((declared, command) => declared.command(command), yargs),
    handler({ what }) {
      const [given] = Array.isArray(what) ? what.map(String) : [];
      throw unknownCommand(given, `dramatis ${name}`, named);
    },
  };
}
