import { readModelHeader } from '../gguf/read-model-header.ts';
import type { ModelEntry } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { findOnShelf } from './fetch-entry.ts';
import type { Shelf } from './fetch-source.ts';

/** Where the catalogue's models are kept. */
export function modelShelf(options: HubOptions): Shelf {
  return { folder: hubFolders(options).models, check: readModelHeader };
}

/** Path of a catalogue model's file if it is here; undefined if it would have to be fetched. */
export async function findModel(
  entry: ModelEntry,
  options: HubOptions = {},
): Promise<string | undefined> {
  return (await findOnShelf(entry, modelShelf(options), { depth: 'length', ...options }))?.path;
}
