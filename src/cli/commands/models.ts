import type { Argv } from 'yargs';
import { megabytes } from '../../hub/disk-space.ts';
import type { ModelInUse } from '../../hub/model-in-use.ts';
import { memoryNeededBy, usableMemory } from '../../hub/model-memory.ts';
import type { ListedModel } from '../../workspace/list-models.ts';
import { defineCommand } from '../define-command.ts';
import { damagedSettings } from '../terminal/settings-text.ts';

const use = defineCommand({
  command: 'use <model>',
  describe: 'Choose the model that is used where none is named',
  builder: (yargs: Argv) =>
    yargs
      .positional('model', {
        type: 'string',
        demandOption: true,
        describe: 'Id from "dramatis models", path of a .gguf file, or hf: URI',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print {name, from}' })
      .example('$0 models use gemma3-270m', ''),
  async handler({ model, json }) {
    const { useModel } = await import('../../hub/use-model.ts');
    const inUse = await useModel(model);
    if (json) console.log(JSON.stringify(inUse));
    else console.log(sentence(inUse));
  },
});

const options = (yargs: Argv) =>
  yargs
    .command(use)
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of models; "path" is null for one that is not here',
    })
    .example('$0 models', '')
    .example('$0 pull qwen3-4b', 'Fetch one of them')
    .example('$0 models use gemma3-270m', 'Use it where --model is not given');

export const models = defineCommand({
  command: 'models',
  describe: 'List the models in the catalogue, where those that are here lie, and which is in use',
  builder: options,
  async handler({ json }) {
    const { listModels } = await import('../../workspace/list-models.ts');
    const { openDramatis } = await import('../open-dramatis.ts');
    const { modelInUse } = await import('../../hub/model-in-use.ts');
    const inUse = await modelInUse();
    if (inUse.damage) console.error(damagedSettings(inUse.damage));
    const listed = await listModels(await openDramatis());
    const rows = listed.map((row) => ({ ...row, isInUse: row.entry.id === inUse.name }));
    const memory = usableMemory();
    if (json)
      console.log(
        JSON.stringify(
          rows.map((row) => asJson(row, memory)),
          null,
          2,
        ),
      );
    else {
      for (const row of rows) console.log(describe(row, memory));
      console.log(sentence(inUse));
    }
  },
});

interface Row extends ListedModel {
  readonly isInUse: boolean;
}

function asJson({ entry, path, isInUse }: Row, memory: number) {
  const { id, title, kind, architecture, form, parameters, licence, bytes, sha256, sources } =
    entry;
  const needed = memoryNeededBy(bytes);
  return {
    id,
    title,
    kind,
    architecture,
    form: form ?? null,
    parametersMillions: parameters,
    bytes,
    sha256,
    licence,
    sources: sources.map(({ files }) => files.map(({ from }) => from)),
    memory: { neededBytes: needed, usableBytes: memory, fits: needed <= memory },
    path: path ?? null,
    isInUse,
  };
}

/** Two lines: what it is, then whether it fits in this machine's memory and where it lies. */
function describe({ entry, path }: Row, memory: number): string {
  const { id, title, kind, licence, bytes } = entry;
  const terms = licence.mustAccept ? `${licence.name} (--accept-licence)` : licence.name;
  const columns = [
    id.padEnd(18),
    title.padEnd(35),
    megabytes(bytes).padStart(8),
    kind.padEnd(9),
    terms,
  ];
  const needed = memoryNeededBy(entry.bytes);
  const fit = needed <= memory ? 'fits here' : `more than the ${megabytes(memory)} here`;
  const place = path ?? 'not here';
  return `${columns.join('  ')}\n${''.padEnd(20)}needs about ${megabytes(needed)} of memory, ${fit}; ${place}`;
}

function sentence({ name, from }: ModelInUse): string {
  const why = {
    argument: '',
    environment: ', as DRAMATIS_MODEL says',
    settings: ', as "dramatis models use" chose',
    default: ' by default',
  };
  return `In use where --model is not given: ${name}${why[from]}`;
}
