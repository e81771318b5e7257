import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { decodeLora, encodeLora, type LoraFile } from '../../gguf/lora-gguf.ts';
import { encodePeft, peftFiles, readPeft } from '../../gguf/peft.ts';
import { tokenizerHash } from '../../gguf/tokenizer-hash.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import { type Base, provenanceKeys } from '../../registry/screen.ts';
import type { AdapterForm, Json } from '../../registry/version.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { openBase } from '../../workspace/open-base.ts';
import { program } from '../../workspace/program.ts';
import { UsageError } from '../failure.ts';
import { openDramatis } from '../open-dramatis.ts';
import { readBytes } from '../read-bytes.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';

interface Fetching {
  readonly offline: boolean;
  readonly acceptLicence: boolean;
  readonly signal: AbortSignal;
}

export interface ImportRequest extends Fetching {
  readonly from: string;
  readonly model: string;
  readonly character?: string | undefined;
  readonly play?: string | undefined;
  readonly form?: AdapterForm | undefined;
  readonly scope: 'context' | 'turn';
  readonly on?: string | undefined;
  readonly note?: string | undefined;
  readonly json: boolean;
}

/** `dramatis adapters import`: an adapter that was trained elsewhere becomes a version here. */
export async function runImport(request: ImportRequest): Promise<void> {
  const { from, model, scope, on, note, json } = request;
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const registry = dramatis.registry();
  const base = await openBase(dramatis, model, request.signal);
  const source = await dramatis.source(request, request);
  const { lora, bytes, recipe } = await readAdapter(from, base);
  const form = request.form ?? formIn(lora);
  if (form === undefined) {
    throw new UsageError(`${from} does not say how it was trained; give --form chat or script`);
  }
  const template = lora.provenance[provenanceKeys.templateVersion];
  const version = await registry.add(
    bytes,
    {
      ...{ play: source.id, character: source.character?.name ?? null, edition: source.sha256 },
      base: { sha256: base.sha256, name: base.name },
      ...{ tokenizer: tokenizerHash(base.header), data: '', recipe, form },
      templateVersion: typeof template === 'number' ? template : templateVersion,
      ...{ scope, layer: source.character ? 'character' : 'play' },
      ...(on !== undefined && { on: (await registry.get(on)).id }),
      ...{ metrics: {}, by: `${program()} import`, ...(note !== undefined && { note }) },
    },
    base,
  );
  if (json) console.log(JSON.stringify(version, null, 2));
  else console.log(`${version.id}  ${version.character ?? '(all)'}, ${version.play}, ${base.name}`);
}

function formIn({ provenance }: LoraFile): AdapterForm | undefined {
  const form = provenance[provenanceKeys.form];
  return form === 'chat' || form === 'script' ? form : undefined;
}

async function readAdapter(
  from: string,
  base: Base,
): Promise<{ lora: LoraFile; bytes: Uint8Array; recipe: Json }> {
  const isFolder = await stat(from).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const bytes = await readBytes(from);
    return { lora: decodeLora(bytes, from), bytes, recipe: { imported: 'gguf' } };
  }
  const { config, ...tensors } = await readPeft(from, base.header);
  const lora = { ...tensors, architecture: base.header.architecture ?? '', provenance: {} };
  return {
    lora,
    bytes: await encodeLora(lora),
    recipe: { imported: 'peft', config: config as Json },
  };
}

/** `name` is what a version calls it: an id or URI that finds it again, or a file's name. */
export interface ExportRequest extends Fetching {
  readonly id: string;
  readonly to: string;
  readonly model?: string | undefined;
  readonly baseName?: string | undefined;
  readonly json: boolean;
}

/** `dramatis adapters export`: a version as a file, or as PEFT's two files in a folder. */
export async function runExport(request: ExportRequest): Promise<void> {
  const { id, to, json } = request;
  const isThere = await stat(to).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`${to} is there already`);
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const { version, path } = await dramatis.registry().open(id);
  const bytes = await readFile(path);
  const files: [path: string, content: string | Uint8Array][] = [];
  if (/\.gguf$/i.test(to)) files.push([to, bytes]);
  else {
    const model = request.model ?? version.base.name;
    const base = await openBase(dramatis, model, request.signal);
    if (base.sha256 !== version.base.sha256) {
      const message = `${version.id} is for the base ${version.base.sha256.slice(0, 12)}; ${model} is ${base.sha256.slice(0, 12)}`;
      throw new DramatisError('ADAPTER_MISMATCH', message, {
        remedy: 'Give the base it was trained on with --model.',
      });
    }
    const name = request.baseName ?? version.base.name;
    const { config, weights } = encodePeft(decodeLora(bytes, path), base.header, name);
    files.push([join(to, peftFiles.weights), weights], [join(to, peftFiles.config), config]);
  }
  for (const [file, content] of files) await writeAtomic(file, content);
  const paths = files.map(([file]) => file);
  console.log(json ? JSON.stringify({ id: version.id, files: paths }, null, 2) : paths.join('\n'));
}
