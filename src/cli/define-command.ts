import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';

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
