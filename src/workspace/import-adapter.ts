import { stat } from 'node:fs/promises';
import { highestRank } from '../engine/model.ts';
import { DramatisError } from '../errors.ts';
import { decodeLora, encodeLora, type LoraFile } from '../gguf/lora-gguf.ts';
import { readPeft } from '../gguf/peft.ts';
import { reduceRank } from '../gguf/reduce-rank.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import { templateVersion } from '../prompt/prompt.ts';
import { type Base, provenanceKeys } from '../registry/screen.ts';
import type { AdapterForm, AdapterVersion, Json } from '../registry/version.ts';
import { readFileBytes } from '../store/read-file-bytes.ts';
import { openBase } from './open-base.ts';
import { openRegistry } from './open-registry.ts';
import { openSource, type SourceRequest } from './open-source.ts';
import { program } from './program.ts';
import type { Workspace } from './workspace.ts';

/** An adapter that was trained elsewhere, and what it is of. */
export interface ImportOptions extends SourceRequest {
  /** A .gguf file, or a folder with PEFT's two files. */
  readonly from: string;
  /** The model it was trained on. */
  readonly model: string;
  /** Default: what the file says. */
  readonly form?: AdapterForm | undefined;
  readonly scope: 'context' | 'turn';
  /** Id of the play adapter that it was trained on top of. */
  readonly on?: string | undefined;
  readonly note?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a version of an adapter that was trained elsewhere.
 *
 * @throws {DramatisError} USAGE if nothing says how the model is to be asked; FILE_MISSING, GGUF_INVALID; what
 *   `Registry.add` and opening the source throw.
 */
export async function importAdapter(
  workspace: Workspace,
  options: ImportOptions,
): Promise<AdapterVersion> {
  const { from, model, scope, on, note, signal } = options;
  const registry = openRegistry(workspace);
  const under = on === undefined ? undefined : await registry.get(on);
  const base = await openBase(workspace, model, signal);
  const source = await openSource(workspace, options, signal);
  const { lora, bytes, recipe } = await readAdapter(from, base);
  const form = options.form ?? formIn(lora);
  if (form === undefined) {
    const message = `${from} does not say how it was trained; give --form chat or script`;
    throw new DramatisError('USAGE', message);
  }
  const template = lora.provenance[provenanceKeys.templateVersion];
  return registry.add(
    bytes,
    {
      play: source.id,
      character: source.character?.name ?? null,
      edition: source.sha256,
      base: { sha256: base.sha256, name: base.name },
      tokenizer: tokenizerHash(base.header),
      data: '',
      recipe,
      form,
      templateVersion: typeof template === 'number' ? template : templateVersion,
      scope,
      layer: source.character ? 'character' : 'play',
      ...(under && { on: under.id }),
      metrics: {},
      by: `${program()} import`,
      ...(note !== undefined && { note }),
    },
    base,
  );
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
    const bytes = await readFileBytes(from);
    const lora = decodeLora(bytes, from);
    const { loss, ...taken } = withinBank(lora);
    if (loss === undefined) return { lora, bytes, recipe: { imported: 'gguf' } };
    const recipe = { imported: 'gguf', reduced: reduction(lora.rank, taken.lora.rank, loss) };
    return { lora: taken.lora, bytes: await encodeLora(taken.lora), recipe };
  }
  const { config, ...tensors } = await readPeft(from, base.header);
  const whole = { ...tensors, architecture: base.header.architecture ?? '', provenance: {} };
  const { lora, loss } = withinBank(whole);
  return {
    lora,
    bytes: await encodeLora(lora),
    recipe: {
      imported: 'peft',
      config: config as Json,
      ...(loss !== undefined && { reduced: reduction(whole.rank, lora.rank, loss) }),
    },
  };
}

const reduction = (from: number, to: number, loss: number): Json => ({ from, to, loss });

/** An adapter of at most the highest rank that a model can use, and the share of its effect that this takes off, if any. */
function withinBank(lora: LoraFile): { readonly lora: LoraFile; readonly loss?: number } {
  if (lora.rank <= highestRank) return { lora };
  const { lora: reduced, loss } = reduceRank(lora, highestRank);
  return { lora: { ...lora, ...reduced }, loss };
}
