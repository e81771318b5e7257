import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { readModelHeader } from '../gguf/read-model-header.ts';
import { findEntry, type ModelEntry, models, suggest } from './catalogue.ts';
import type { ModelChoice } from './choose-model.ts';
import type { HubOptions } from './events.ts';
import { fetchEntry, isOffline, lookUpEntry } from './fetch-entry.ts';
import { type HfReference, isHfUri, parseHfUri } from './hf-uri.ts';
import { fetchFromHub, findInHubCache } from './hugging-face.ts';
import { type ModelInUse, modelInUse } from './model-in-use.ts';
import { modelShelf } from './model-shelf.ts';

export interface ResolvedModel {
  /** Name the model was asked for by: an id of the catalogue, a path, or a Hugging Face URI. */
  readonly name: string;
  /** Absolute path of the .gguf file, or of the first of several. */
  readonly path: string;
  /** The model's entry in the catalogue, if it has one. */
  readonly entry?: ModelEntry;
  /** Why it is this one, where nobody named one. */
  readonly choice?: ModelChoice;
}

/** What a model's name stands for, found out without opening a socket. */
export type NamedModel =
  | { readonly kind: 'entry'; readonly entry: ModelEntry }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'hub'; readonly reference: HfReference };

/**
 * The file of a model, fetched if it is not here.
 *
 * @param named What `identifyModel` takes; undefined for the model in use: see `modelInUse`.
 * @throws {DramatisError} MODEL_UNKNOWN, FILE_MISSING, and what fetching throws.
 */
export async function resolveModel(
  named: string | undefined,
  options: HubOptions = {},
): Promise<ResolvedModel> {
  const inUse = await modelInUse(named, options);
  const { name, damage } = inUse;
  if (damage) options.report?.({ kind: 'settings', what: damage.path, damage });
  const model = await identifyModel(inUse);
  if (model.kind === 'file') return { name, path: model.path };
  if (model.kind === 'hub') {
    const hub = { ...options, offline: isOffline(options) };
    return { name, path: (await fetchFromHub(model.reference, hub)).path };
  }
  const { path } = await fetchEntry(model.entry, modelShelf(options), options);
  const choice = inUse.from === 'choice' && { choice: inUse.choice };
  return { name, path, entry: model.entry, ...choice };
}

/**
 * What `resolveModel` would give, if it is here; undefined if it would have to be fetched, and may be. Opens no socket.
 *
 * @throws {DramatisError} MODEL_UNKNOWN, FILE_MISSING, LICENCE_NEEDED, OFFLINE; GGUF_INVALID for a file of the user's own.
 */
export async function lookUpModel(
  named: string | undefined,
  options: HubOptions = {},
): Promise<ResolvedModel | undefined> {
  const inUse = await modelInUse(named, options);
  const { name } = inUse;
  const model = await identifyModel(inUse);
  if (model.kind === 'file') {
    await readModelHeader(model.path);
    return { name, path: model.path };
  }
  if (model.kind === 'entry') {
    const here = await lookUpEntry(model.entry, modelShelf(options), options);
    return here && { name, path: here.path, entry: model.entry };
  }
  const here = await findInHubCache(model.reference, options);
  if (!here && isOffline(options)) throw new DramatisError('OFFLINE', `${name} is not here`);
  return here && { name, path: here.path };
}

/**
 * Finds out what a name stands for: an id of the catalogue, the path of a file, or a Hugging Face URI in any of its
 * spellings, looked at in this order.
 *
 * @throws {DramatisError} MODEL_UNKNOWN with ids that are like it, FILE_MISSING; either says where the name came from.
 */
export async function identifyModel({
  name,
  from,
}: Pick<ModelInUse, 'name' | 'from'>): Promise<NamedModel> {
  const entry = findEntry(models(), name);
  if (entry) return { kind: 'entry', entry };
  if (!isHfUri(name) && (await isFile(name))) return { kind: 'file', path: resolve(name) };
  const reference = parseHfUri(name);
  const looksLikePath = /[\\/]|\.gguf$/i.test(name);
  if (reference && (isHfUri(name) || !/\.gguf$/i.test(name))) return { kind: 'hub', reference };
  const { where, remedy } = origins[from];
  if (looksLikePath) {
    throw new DramatisError('FILE_MISSING', `${await whyNoFile(name)}${where}`, remedy);
  }
  const near = suggest(models(), name);
  throw new DramatisError('MODEL_UNKNOWN', `no model is called "${name}"${where}; ${near}`, remedy);
}

/** Why a path is not one of a file, as a clause. */
async function whyNoFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return `there is no file ${path}`;
  return `${path} is ${found.isDirectory() ? 'a folder' : 'a device, a pipe or a socket'}, not a file`;
}

/** How a message says where a model's name came from, and what mends it there. */
const origins = {
  argument: { where: '', remedy: {} },
  environment: {
    where: ', which DRAMATIS_MODEL names',
    remedy: { remedy: 'Correct or unset DRAMATIS_MODEL, or name a model with --model.' },
  },
  settings: {
    where: ', which the settings name',
    remedy: {
      remedy: 'Run "dramatis use NAME" to choose another, or name one with --model.',
    },
  },
  choice: { where: '', remedy: {} },
} as const;

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
