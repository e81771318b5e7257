import type { Argv } from 'yargs';
import { defaultRecalled } from '../../memory/limits.ts';
import { memoryKinds } from '../../memory/recalled.ts';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { characterOptions } from '../options/character-options.ts';
import { computeOptions, wholeFrom } from '../options/model-options.ts';

const options = (yargs: Argv) =>
  computeOptions(characterOptions(yargs))
    .positional('query', {
      type: 'string',
      demandOption: true,
      describe: 'What to look for, in any words',
    })
    .option('kind', {
      choices: memoryKinds,
      array: true,
      requiresArg: true,
      describe:
        'Facts, exchanges or speeches; by default all, or speeches alone in a play without digests',
    })
    .option('limit', {
      type: 'string',
      default: defaultRecalled,
      requiresArg: true,
      coerce: wholeFrom('--limit', 1, 1000),
      describe: 'How many at most',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of {kind, place, end, speaker, text, score, id, told}',
    })
    .example('$0 recall hamlet "ghost of my father"', 'What Hamlet heard and said of it')
    .example('$0 recall hamlet "Who killed your father?" --at 1.4', 'Before he knew it')
    .example('$0 recall hamlet "to be or not to be" --kind speech', 'In the words of the play');

export const recall = defineCommand({
  command: 'recall <character> <query>',
  describe: 'Find what a character saw, heard or was told, the best fitting first',
  builder: options,
  async handler(given) {
    const { runRecall } = await import('./run-recall.ts');
    await runRecall({ ...given, signal: interrupted() });
  },
});
