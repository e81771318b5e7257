import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs
    .positional('play', {
      type: 'string',
      demandOption: true,
      describe: 'An id from "dramatis plays", or a file',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of {name, aliases, description, speeches, words}',
    })
    .option('offline', { type: 'boolean', default: false, describe: 'Open no socket' })
    .example('$0 cast macbeth', '');

export const cast = defineCommand({
  command: 'cast <play>',
  describe: 'List who is in a play, the most talkative first',
  builder: options,
  async handler({ play: idOrPath, json, offline }) {
    const { openDramatis } = await import('../open-dramatis.ts');
    const { castTable } = await import('../terminal/cast-table.ts');
    const dramatis = await openDramatis({ offline });
    const { play } = await dramatis.play(idOrPath, { signal: interrupted() });
    if (json) output.json(play.cast);
    else output.line(castTable(play.cast));
  },
});
