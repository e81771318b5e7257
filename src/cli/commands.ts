import type { CommandModule } from 'yargs';
import { bench } from './bench.ts';
import { env } from './env.ts';
import { models } from './models.ts';
import { plays } from './plays.ts';
import { pull } from './pull.ts';

/** Every command, a file each, in the order `--help` prints them. */
export const commands: readonly CommandModule[] = [pull, models, plays, bench, env];
