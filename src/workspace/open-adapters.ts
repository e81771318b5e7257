import { basename } from 'node:path';
import { type AdapterSource, always } from '../actor/adapter-source.ts';
import { PromotedAdapters } from '../actor/promoted-adapters.ts';
import {
  adaptersOf,
  earlierPromptOf,
  incompatibilityOf,
  type Training,
} from '../actor/version-adapters.ts';
import type { Model } from '../engine/model.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { DramatisError } from '../errors.ts';
import type { AdapterDescription } from '../eval/results.ts';
import { readHeader } from '../gguf/read-header.ts';
import { displayName } from '../play/cast/display-name.ts';
import type { Form } from '../prompt/prompt.ts';
import type { Registry } from '../registry/registry.ts';
import { provenanceKeys } from '../registry/screen.ts';
import { type AdapterVersion, slotsFor } from '../registry/version.ts';
import { sha256 } from '../store/sha256.ts';

/** Adapters as a command line names them. */
export interface AdapterRequest {
  /** Files, an id of the registry, "promoted" or "none": see `openAdapters`. */
  readonly adapter?: string | undefined;
  /** Scale of all of them. */
  readonly adapterScale: number;
}

/** The model and the prompt that adapters must fit, and whose promoted version is meant. */
export interface AdapterTarget {
  readonly model: Pick<Model, 'adapter'>;
  /** sha256 of the model's file; asked for only where it matters. */
  readonly base: () => Promise<string>;
  readonly form: Form;
  /** Version of the prompt template; the default's unless given. */
  readonly templateVersion?: number | undefined;
  /** Id of the play. */
  readonly play: string;
  /** Cast name; null for everybody of the play. */
  readonly character: string | null;
}

/** The adapters of an actor: those asked for, or whatever is promoted at the time of each reply. */
export async function openAdapterSource(
  registry: Registry,
  { adapter = 'promoted', adapterScale: scale }: AdapterRequest,
  target: AdapterTarget,
): Promise<AdapterSource> {
  if (adapter !== 'promoted') {
    const { adapters, remark } = await openAdapters(
      registry,
      { adapter, adapterScale: scale },
      target,
    );
    return always(adapters, remark);
  }
  const { model, base, play, character, form, templateVersion } = target;
  const slot = { play, character, form };
  return new PromotedAdapters({ registry, model, slot, base, scale, templateVersion });
}

export interface OpenedAdapters {
  readonly adapters: readonly ActiveAdapter[];
  readonly description: AdapterDescription | null;
  /** A sentence for the reader where one of them was trained with an earlier prompt. */
  readonly remark?: string | undefined;
}

/**
 * Adapters for good: "none", "promoted" as of now, as much of a version's id as tells it from the others, or a .gguf
 * file, or several with commas between them, the one that lies under the others first.
 *
 * @throws {DramatisError} ADAPTER_UNKNOWN, STORE_DAMAGED; ADAPTER_MISMATCH for a version that was not trained for this
 *   model, form and prompt; what `Model.adapter` throws.
 */
export async function openAdapters(
  registry: Registry,
  { adapter: given = 'none', adapterScale: scale }: AdapterRequest,
  target: AdapterTarget,
): Promise<OpenedAdapters> {
  if (given === 'none') return { adapters: [], description: null };
  if (given === 'promoted')
    return openVersion(registry, await promotedFor(registry, target), scale, target);
  if (isId(given)) return openVersion(registry, given, scale, target);
  const files = filesOf(given);
  const adapters: ActiveAdapter[] = [];
  const remarks: string[] = [];
  for (const file of files) {
    adapters.push({ adapter: await target.model.adapter(file), scale });
    remarks.push(...(await requireFit(file, await trainingOf(file), target)));
  }
  const sha256 = combined(adapters.map(({ adapter }) => adapter.hash));
  const description = { file: files.map((f) => basename(f)).join(), sha256, scale };
  return { adapters, description, remark: remarks.join(' ') || undefined };
}

/** The sha256 of several contents in their order; of one it is its own. */
export function combined(hashes: readonly string[]): string {
  const [only, ...others] = hashes;
  if (only !== undefined && others.length === 0) return only;
  return sha256(hashes.join('\n'));
}

/**
 * Refuses, before anything is opened, adapters that are nowhere: a version that the registry does not have, a file that is
 * missing or no GGUF. With {fold} in the name, the files of folds 0 to 4.
 *
 * @throws {DramatisError} ADAPTER_UNKNOWN, FILE_MISSING, GGUF_INVALID
 */
export async function lookUpAdapters(registry: Registry, given: string | undefined): Promise<void> {
  if (given === undefined || given === 'none' || given === 'promoted') return;
  if (isId(given)) await registry.get(given);
  else for (const file of foldFiles(given).flatMap(filesOf)) await readHeader(file);
}

/** A pattern with {fold} in it, once for each fold; anything else as it is. */
export function foldFiles(pattern: string): readonly string[] {
  if (!pattern.includes('{fold}')) return [pattern];
  return Array.from({ length: folds }, (_, fold) => pattern.replaceAll('{fold}', String(fold)));
}

/** Parts that a play is cut into for cross-fitting. */
const folds = 5;

const filesOf = (given: string): readonly string[] => given.split(/(?<=\.gguf),/i);

/** A file whose name could be an id is given as ./cafe. */
const isId = (given: string): boolean => /^[0-9a-f]{1,64}$/i.test(given);

async function promotedFor(
  registry: Registry,
  { base, play, character, form }: AdapterTarget,
): Promise<string> {
  for (const slot of slotsFor({ play, character, base: await base(), form })) {
    const version = await registry.promoted(slot);
    if (version) return version.id;
  }
  const whom = character === null ? `all of ${play}` : `${character} of ${play}`;
  const message = `nothing is promoted for ${whom} on this model in the form ${form}`;
  throw new DramatisError('ADAPTER_UNKNOWN', message, {
    remedy: 'Run "dramatis adapters list" to see the versions here, and promote one.',
  });
}

async function openVersion(
  registry: Registry,
  id: string,
  scale: number,
  target: AdapterTarget,
): Promise<OpenedAdapters> {
  const opened = await registry.open(id);
  const { version, on } = opened;
  const remarks = await requireFit(version.id, version, target);
  const other = otherVoiceOf(version, target);
  if (other !== undefined) remarks.push(other);
  const remark = remarks.join(' ') || undefined;
  const description = {
    file: version.id,
    sha256: version.sha256,
    scale,
    id: version.id,
    ...(on && { on: { id: on.version.id, sha256: on.version.sha256 } }),
  };
  return { adapters: await adaptersOf(opened, target.model, scale), description, remark };
}

/** A sentence for the reader where a version was trained on the words of somebody else. */
function otherVoiceOf(
  { id, play, character }: AdapterVersion,
  target: AdapterTarget,
): string | undefined {
  const isOwn = play === target.play && (character === null || character === target.character);
  if (isOwn || target.character === null) return undefined;
  const trainedOn =
    character === null ? `everybody of ${play}` : `${displayName(character)} of ${play}`;
  return `${id} was trained on the words of ${trainedOn}: ${displayName(target.character)} speaks with that voice.`;
}

/** How a file says that it was trained; the name of its base is not in it. */
async function trainingOf(file: string): Promise<Training> {
  const header = await readHeader(file);
  const sha256 = header.text(`dramatis.${provenanceKeys.base}`);
  const form = header.text(`dramatis.${provenanceKeys.form}`);
  const templateVersion = header.number(`dramatis.${provenanceKeys.templateVersion}`);
  return {
    ...(sha256 !== undefined && { base: { sha256, name: 'another model' } }),
    ...((form === 'chat' || form === 'script') && { form }),
    ...(templateVersion !== undefined && { templateVersion }),
  };
}

const otherPrompt = 'Give another --adapter, or "--adapter none" for the model alone.';

/** @returns What a reader is to know of it, if anything. */
async function requireFit(
  name: string,
  trained: Training,
  target: AdapterTarget,
): Promise<string[]> {
  const { form, templateVersion } = target;
  const base = trained.base ? await target.base() : '';
  const incompatibility = incompatibilityOf(trained, { base, form, templateVersion });
  if (incompatibility === undefined) {
    const earlier = earlierPromptOf(trained, templateVersion);
    return earlier === undefined ? [] : [`${name} is used with a warning: ${earlier}.`];
  }
  const isOther = trained.base?.sha256 !== base && trained.base !== undefined;
  const otherForm = trained.form !== undefined && trained.form !== form;
  const given = otherForm ? `Give --form ${trained.form}, or another --adapter.` : otherPrompt;
  const remedy = isOther ? undefined : given;
  throw new DramatisError('ADAPTER_MISMATCH', `${name} is incompatible: ${incompatibility}`, {
    ...(remedy !== undefined && { remedy }),
  });
}
