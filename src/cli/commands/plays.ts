import type { Argv } from 'yargs';
import type { ListedPlay } from '../../workspace/list-plays.ts';
import { defineCommand } from '../define-command.ts';
import { output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of plays; "path" is null for one that is not here',
    })
    .example('$0 plays', '')
    .example('$0 pull king-lear', 'Fetch one of them');

export const plays = defineCommand({
  command: 'plays',
  describe: 'List the plays in the catalogue, and where those that are here lie',
  builder: options,
  async handler({ json }) {
    const { listPlays } = await import('../../workspace/list-plays.ts');
    const { openDramatis } = await import('../open-dramatis.ts');
    const rows = await listPlays(await openDramatis());
    if (json) output.json(rows.map(asJson));
    else for (const row of rows) output.line(describe(row));
  },
});

function asJson({
  entry: { id, title, author, licence, bytes, sha256, sources },
  path,
}: ListedPlay) {
  const from = sources.map(({ files }) => files.map((file) => file.from));
  return { id, title, author, licence, bytes, sha256, sources: from, path: path ?? null };
}

function describe({ entry: { id, title }, path }: ListedPlay): string {
  return `${id.padEnd(24)}  ${title.padEnd(26)}  ${path ?? 'not here'}`;
}
