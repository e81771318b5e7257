import type { CommandModule } from 'yargs';

/** Every command, a file each, in the order `--help` prints them. */
export const commands: readonly CommandModule<object, never>[] = [];
