import type { Argv } from 'yargs';
import type { Play } from '../../play/play.ts';
import { defineCommand } from '../define-command.ts';
import { messages, output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'The text of a play in any format; "-" is the standard input',
    })
    .option('title', {
      type: 'string',
      describe: 'The title, where the text has none; of a table of many plays, which one',
    })
    .option('json', { type: 'boolean', describe: 'Print the whole play' })
    .option('csv', { type: 'boolean', describe: 'Print a table, a line to a row' })
    .option('force', {
      type: 'boolean',
      describe: 'Give the play also where most of its words have no speaker',
    })
    .conflicts('json', 'csv')
    .example('$0 parse hamlet.xml --json', '')
    .example('$0 parse - --csv < hamlet.txt', '');

export const parse = defineCommand({
  command: 'parse <file>',
  describe: 'Read the text of a play: acts, speeches, who is on stage',
  builder: options,
  async handler({ file, title, json, csv, force }) {
    const { parsePlay } = await import('../../play/parse.ts');
    const { readBytes } = await import('../read-bytes.ts');
    // yargs hands a lone "-" on as an empty word.
    const path = file === '' ? '-' : file;
    const play = parsePlay(await readBytes(path), {
      ...(title !== undefined && { title }),
      ...(force && { force }),
    });
    for (const { line, message } of play.warnings) messages.line(`${path}:${line}: ${message}`);
    if (json) output.json(play);
    else if (csv) output.file((await import('../../play/formats/to-csv.ts')).playToCsv(play));
    else output.line(await summary(play));
  },
});

async function summary(play: Play): Promise<string> {
  const { castTable } = await import('../terminal/cast-table.ts');
  const speeches = play.acts
    .flatMap(({ scenes }) => scenes)
    .flatMap(({ elements }) => elements)
    .filter((element) => element.kind === 'speech' && !element.continued).length;
  const acts = play.acts.map(
    ({ number, scenes }) =>
      `act ${number}: ${scenes.length} ${scenes.length === 1 ? 'scene' : 'scenes'}`,
  );
  return [
    `${play.title} (${play.format})`,
    `${acts.join(', ')}; ${speeches} speeches, ${play.warnings.length} warnings`,
    '',
    castTable(play.cast.filter((member) => member.speeches > 0)),
  ].join('\n');
}
