import type { Argv } from 'yargs';
import { writeAtomic } from '../../store/write-atomic.ts';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { messages, output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs
    .positional('play', {
      type: 'string',
      demandOption: true,
      describe: 'An id from "dramatis plays", or a file',
    })
    .option('html', { type: 'string', describe: 'Write a page with charts to this file' })
    .option('json', { type: 'boolean', default: false, describe: 'Print everything as one object' })
    .option('offline', { type: 'boolean', default: false, describe: 'Open no socket' })
    .example('$0 explore hamlet', '')
    .example('$0 explore macbeth --html macbeth.html', '');

export const explore = defineCommand({
  command: 'explore <play>',
  describe: 'Look at a play: who speaks, how much, with whom, in which words',
  builder: options,
  async handler({ play: idOrPath, html, json, offline }) {
    const { openDramatis } = await import('../open-dramatis.ts');
    const { explore: look } = await import('../../play/explore.ts');
    const dramatis = await openDramatis({ offline });
    const { play } = await dramatis.play(idOrPath, { signal: interrupted() });
    const exploration = look(play);
    if (html !== undefined) {
      const { explorePage } = await import('../../report/explore/explore-page.ts');
      await writeAtomic(html, explorePage(exploration));
      messages.line(`wrote ${html}`);
    }
    if (json) output.json(exploration);
    else if (html === undefined) {
      const { exploreText } = await import('../../report/explore/explore-text.ts');
      output.line(exploreText(exploration));
    }
  },
});
