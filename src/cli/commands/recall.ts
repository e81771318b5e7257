import type { Argv } from 'yargs';
import { defaultRecalled } from '../../memory/limits.ts';
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
    .option('limit', {
      type: 'string',
      default: defaultRecalled,
      requiresArg: true,
      coerce: wholeFrom('--limit', 1, 1000),
      describe: 'How many passages at most',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of {place, speaker, text, score}',
    })
    .example('$0 recall hamlet "ghost of my father"', 'What Hamlet heard and said of it')
    .example('$0 recall hamlet "ghost of my father" --at 1.4', 'Before he met it himself');

export const recall = defineCommand({
  command: 'recall <character> <query>',
  describe: 'Find what a character witnessed, the best fitting first',
  builder: options,
  async handler(given) {
    const { runRecall } = await import('./run-recall.ts');
    await runRecall({ ...given, signal: interrupted() });
  },
});
