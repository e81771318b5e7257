import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { readHeader } from '../gguf/read-header.ts';
import { findEntry, type ModelEntry, models, suggest } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { fetchEntry, findOnShelf, isOffline, lookUpEntry, type Shelf } from './fetch-entry.ts';
import { type HfReference, isHfUri, parseHfUri } from './hf-uri.ts';
import { fetchFromHub, findInHubCache } from './hugging-face.ts';

export interface ResolvedModel {
  /** Absolute path of the .gguf file, or of the first of several. */
  readonly path: string;
  /** Its entry in the catalogue, if it has one. */
  readonly entry?: ModelEntry;
}

/**
 * The file of a model, fetched if it is not here: an id of the catalogue, the path of a file, or a
 * Hugging Face URI in any of its spellings, looked at in this order.
 *
 * @throws {DramatisError} MODEL_UNKNOWN with ids that are like it, FILE_MISSING, and what fetching throws.
 */
export async function resolveModel(
  idOrPathOrUri: string,
  options: HubOptions = {},
): Promise<ResolvedModel> {
  const named = await modelNamed(idOrPathOrUri);
  if ('path' in named) return named;
  if ('entry' in named) {
    const { entry } = named;
    const { path } = await fetchEntry(entry, modelShelf(options), options);
    return { path, entry };
  }
  const { reference } = named;
  const { path } = await fetchFromHub(reference, { ...options, offline: isOffline(options) });
  return { path };
}

/**
 * What `resolveModel` would give, if it is here; undefined if it would have to be fetched, and may be. Opens no socket.
 *
 * @throws {DramatisError} MODEL_UNKNOWN, FILE_MISSING, LICENCE_NEEDED, OFFLINE; GGUF_INVALID for a file of the user's own.
 */
export async function lookUpModel(
  idOrPathOrUri: string,
  options: HubOptions = {},
): Promise<ResolvedModel | undefined> {
  const named = await modelNamed(idOrPathOrUri);
  if ('path' in named) {
    await readHeader(named.path);
    return named;
  }
  if ('entry' in named) {
    const { entry } = named;
    const here = await lookUpEntry(entry, modelShelf(options), options);
    return here && { path: here.path, entry };
  }
  const here = await findInHubCache(named.reference, options);
  if (!here && isOffline(options))
    throw new DramatisError('OFFLINE', `${idOrPathOrUri} is not here`);
  return here && { path: here.path };
}

/** What a name of a model means, without looking whether it is here. */
async function modelNamed(
  name: string,
): Promise<{ entry: ModelEntry } | { path: string } | { reference: HfReference }> {
  const entry = findEntry(models(), name);
  if (entry) return { entry };
  if (!isHfUri(name) && (await isFile(name))) return { path: resolve(name) };
  const reference = parseHfUri(name);
  if (reference && (isHfUri(name) || !/\.gguf$/i.test(name))) return { reference };
  const looksLikePath = /[\\/]|\.gguf$/i.test(name);
  if (looksLikePath) throw new DramatisError('FILE_MISSING', `there is no file ${name}`);
  const near = suggest(models(), name);
  throw new DramatisError('MODEL_UNKNOWN', `no model is called "${name}"; ${near}`);
}

/** Path of a catalogue model's file if it is here; undefined if it would have to be fetched. */
export async function findModel(
  entry: ModelEntry,
  options: HubOptions = {},
): Promise<string | undefined> {
  return (await findOnShelf(entry, modelShelf(options), options))?.path;
}

export function modelShelf(options: HubOptions): Shelf {
  return { folder: hubFolders(options).models, check: readHeader };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
