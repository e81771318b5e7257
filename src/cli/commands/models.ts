import type { Argv } from 'yargs';
import { megabytes } from '../../hub/disk-space.ts';
import { memoryNeededBy, usableMemory } from '../../hub/model-memory.ts';
import type { ListedModel } from '../../workspace/list-models.ts';
import { defineCommand } from '../define-command.ts';
import { inUseText, rateText } from '../terminal/model-text.ts';
import { messages, output } from '../terminal/output.ts';
import { damagedSettings } from '../terminal/settings-text.ts';

const options = (yargs: Argv) =>
  yargs
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of models; "path" is null for one that is not here',
    })
    .example('$0 models', '')
    .example('$0 pull qwen2.5-coder-1.5b', 'Fetch one of them')
    .example('$0 use gemma3-270m', 'Use it where --model is not given')
    .example('$0 bench speed --model gemma3-270m', 'Measure it again');

export const models = defineCommand({
  command: 'models',
  describe: 'List the models: which are here, fit this machine, how fast they are, which is in use',
  builder: options,
  async handler({ json }) {
    const { listModels } = await import('../../workspace/list-models.ts');
    const { openDramatis } = await import('../open-dramatis.ts');
    const { modelInUse } = await import('../../hub/model-in-use.ts');
    const inUse = await modelInUse();
    if (inUse.damage) messages.line(damagedSettings(inUse.damage));
    const listed = await listModels(await openDramatis());
    const rows = listed.map((row) => ({ ...row, isInUse: row.entry.id === inUse.name }));
    const memory = usableMemory();
    if (json) {
      const objects = rows.map((row) => asJson(row, memory));
      output.json(objects);
    } else {
      for (const row of rows) output.line(describe(row, memory));
      output.line(`In use where --model is not given: ${inUseText(inUse)}`);
    }
  },
});

interface Row extends ListedModel {
  readonly isInUse: boolean;
}

function asJson({ entry, path, fits, rate, isInUse }: Row, memory: number) {
  const { id, title, kind, architecture, form, parameters, licence, bytes, sha256, sources } =
    entry;
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
    memory: { neededBytes: memoryNeededBy(bytes), usableBytes: memory, fits },
    speed: rate
      ? { tokensPerSecond: rate.tokensPerSecond, estimatedFrom: rate.estimatedFrom ?? null }
      : null,
    path: path ?? null,
    isInUse,
  };
}

/** Two lines: what it is, then whether it fits in this machine's memory, how fast it is here and where it lies. */
function describe({ entry, path, fits, rate }: Row, memory: number): string {
  const { id, title, kind, licence, bytes } = entry;
  const terms = licence.mustAccept ? `${licence.name} (--accept-licence)` : licence.name;
  const columns = [
    id.padEnd(18),
    title.padEnd(35),
    megabytes(bytes).padStart(8),
    kind.padEnd(9),
    terms,
  ];
  const needed = `needs about ${megabytes(memoryNeededBy(bytes))} of memory`;
  const fit = fits ? 'fits here' : `more than the ${megabytes(memory)} here`;
  const speed = kind === 'embedding' || !fits ? [] : [rateText(rate)];
  const facts = [`${needed}, ${fit}`, ...speed, path ?? 'not here'];
  return `${columns.join('  ').trimEnd()}\n${''.padEnd(20)}${facts.join('; ')}`;
}
