import type { CommandModule } from 'yargs';
import { adapters } from './adapters.ts';
import { bench } from './bench.ts';
import { cast } from './cast.ts';
import { chat } from './chat.ts';
import { completion } from './completion.ts';
import { corpus } from './corpus.ts';
import { doctor } from './doctor.ts';
import { env } from './env.ts';
import { evaluation } from './eval.ts';
import { explore } from './explore.ts';
import { grammar } from './grammar.ts';
import { models } from './models.ts';
import { parse } from './parse.ts';
import { plays } from './plays.ts';
import { pull } from './pull.ts';
import { recall } from './recall.ts';
import { train } from './train.ts';

/** Every command, a file each, in the order `--help` prints them. */
export const commands: readonly CommandModule[] = [
  chat,
  recall,
  pull,
  models,
  plays,
  parse,
  cast,
  explore,
  corpus,
  train,
  adapters,
  evaluation,
  grammar,
  bench,
  doctor,
  env,
  completion,
];
