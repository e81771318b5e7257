import type { Argv } from 'yargs';
import { models as entries, type ModelEntry } from '../../hub/catalogue.ts';
import { megabytes } from '../../hub/disk-space.ts';
import { defineCommand } from '../define-command.ts';

const options = (yargs: Argv) =>
  yargs
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of models; "path" is null for one that is not here',
    })
    .example('$0 models', '')
    .example('$0 pull qwen3-4b', 'Fetch one of them');

export const models = defineCommand({
  command: 'models',
  describe: 'List the models in the catalogue, and where those that are here lie',
  builder: options,
  async handler({ json }) {
    const { findModel } = await import('../../hub/models.ts');
    const rows = await Promise.all(
      entries().map(async (entry) => ({ entry, path: await findModel(entry) })),
    );
    if (json) console.log(JSON.stringify(rows.map(asJson), null, 2));
    else for (const row of rows) console.log(describe(row));
  },
});

interface Row {
  readonly entry: ModelEntry;
  readonly path: string | undefined;
}

function asJson({ entry, path }: Row) {
  const { id, title, kind, architecture, form, parameters, licence, bytes, sha256, sources } =
    entry;
  return {
    ...{ id, title, kind, architecture, form: form ?? null, parametersMillions: parameters },
    ...{ bytes: bytes ?? null, sha256: sha256 ?? null, licence },
    sources: sources.map(({ files }) => files.map(({ from }) => from)),
    path: path ?? null,
  };
}

function describe({ entry: { id, title, bytes, kind, licence }, path }: Row): string {
  const size = bytes === undefined ? '' : megabytes(bytes);
  const terms = licence.mustAccept ? `${licence.name} (--accept-licence)` : licence.name;
  const columns = [id.padEnd(13), title.padEnd(34), size.padStart(8), kind.padEnd(9), terms];
  return `${columns.join('  ')}\n${''.padEnd(15)}${path ?? 'not here'}`;
}
