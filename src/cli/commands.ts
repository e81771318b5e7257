import type { CommandModule } from 'yargs';
import { adapters } from './commands/adapters.ts';
import { bench } from './commands/bench.ts';
import { build } from './commands/build.ts';
import { card } from './commands/card.ts';
import { cast } from './commands/cast.ts';
import { chat } from './commands/chat.ts';
import { completion } from './commands/completion.ts';
import { conversations } from './commands/conversations.ts';
import { corpus } from './commands/corpus.ts';
import { digest } from './commands/digest.ts';
import { doctor } from './commands/doctor.ts';
import { env } from './commands/env.ts';
import { evaluation } from './commands/eval.ts';
import { explore } from './commands/explore.ts';
import { grammar } from './commands/grammar.ts';
import { models } from './commands/models.ts';
import { parse } from './commands/parse.ts';
import { plays } from './commands/plays.ts';
import { pull } from './commands/pull.ts';
import { recall } from './commands/recall.ts';
import { reinforce } from './commands/reinforce.ts';
import { report } from './commands/report.ts';
import { rpc } from './commands/rpc.ts';
import { serve } from './commands/serve.ts';
import { settings } from './commands/settings.ts';
import { slurm } from './commands/slurm.ts';
import { stage } from './commands/stage.ts';
import { study } from './commands/study.ts';
import { sweep } from './commands/sweep.ts';
import { train } from './commands/train.ts';
import { use } from './commands/use.ts';

/** Every command, a file each, in the order `--help` prints them. */
export const commands: readonly CommandModule[] = [
  chat,
  stage,
  serve,
  conversations,
  recall,
  pull,
  models,
  use,
  plays,
  parse,
  cast,
  card,
  explore,
  digest,
  corpus,
  train,
  reinforce,
  adapters,
  evaluation,
  sweep,
  study,
  report,
  slurm,
  rpc,
  grammar,
  bench,
  doctor,
  build,
  env,
  settings,
  completion,
];
