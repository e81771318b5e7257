import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { unknownCommand } from './unknown-command.ts';

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

/** A command that only holds others, such as `adapters`: alone, or before an unknown word, it says which there are. */
export function defineGroup({
  name,
  describe,
  commands,
}: {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly CommandModule[];
}): CommandModule {
  return {
    command: `${name} [what..]`,
    describe,
    builder: (yargs) => commands.reduce((all, command) => all.command(command), yargs),
    handler({ what }) {
      const [given] = Array.isArray(what) ? what.map(String) : [];
      throw unknownCommand(given, `dramatis ${name}`, commands);
    },
  };
}
