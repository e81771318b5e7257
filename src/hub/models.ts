import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { readHeader } from '../gguf/read-header.ts';
import { folders } from '../store/folders.ts';
import { findEntry, type ModelEntry, models, suggest } from './catalogue.ts';
import type { HubOptions } from './events.ts';
import { fetchEntry, findOnShelf, isOffline, type Shelf } from './fetch-entry.ts';
import { isHfUri, parseHfUri } from './hf-uri.ts';
import { fetchFromHub } from './hugging-face.ts';

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
  const entry = findEntry(models(), idOrPathOrUri);
  if (entry) {
    const { path } = await fetchEntry(entry, modelShelf(options), options);
    return { path, entry };
  }
  if (!isHfUri(idOrPathOrUri) && (await isFile(idOrPathOrUri))) {
    return { path: resolve(idOrPathOrUri) };
  }
  const reference = parseHfUri(idOrPathOrUri);
  const looksLikePath = /[\\/]|\.gguf$/i.test(idOrPathOrUri);
  if (reference && (isHfUri(idOrPathOrUri) || !/\.gguf$/i.test(idOrPathOrUri))) {
    const { path } = await fetchFromHub(reference, { ...options, offline: isOffline(options) });
    return { path };
  }
  if (looksLikePath) throw new DramatisError('FILE_MISSING', `there is no file ${idOrPathOrUri}`);
  const near = suggest(models(), idOrPathOrUri);
  throw new DramatisError('MODEL_UNKNOWN', `no model is called "${idOrPathOrUri}"; ${near}`);
}

/** Path of a catalogue model's file if it is here; undefined if it would have to be fetched. */
export async function findModel(
  entry: ModelEntry,
  options: HubOptions = {},
): Promise<string | undefined> {
  return (await findOnShelf(entry, modelShelf(options), options))?.path;
}

export function modelShelf({ env }: HubOptions): Shelf {
  return { folder: folders(env).models, check: readHeader };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
