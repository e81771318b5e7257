import { DramatisError } from '../errors.ts';
import { partPaths } from '../gguf/part-paths.ts';
import { bytesOfFiles } from '../store/file-stamp.ts';
import { findEntry, type Licence, models, plays, suggest } from './catalogue.ts';
import type { HubOptions } from './events.ts';
import { fetchEntry } from './fetch-entry.ts';
import { isHfUri } from './hf-uri.ts';
import { modelShelf } from './model-shelf.ts';
import { resolveModel } from './models.ts';
import { playShelf } from './plays.ts';

export interface Pulled {
  /** The id in the catalogue, or what was asked for. */
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  /** Absent for what is not in the catalogue. */
  readonly sha256?: string;
  readonly licence?: Licence;
}

/**
 * Sees to it that a model or a play is here and sound: fetches it if it is missing, and reads it again
 * if it is not, so that one that rotted on the disk is replaced.
 *
 * @param what An id of a model or a play, or a Hugging Face URI of a model.
 * @throws {DramatisError} MODEL_UNKNOWN, and what fetching throws.
 */
export async function pull(what: string, options: HubOptions): Promise<Pulled> {
  const model = findEntry(models(), what);
  const entry = model ?? findEntry(plays(), what);
  if (!entry) {
    if (/^[^/\\.]+$/.test(what) && !isHfUri(what)) {
      const near = suggest([...models(), ...plays()], what);
      throw new DramatisError('MODEL_UNKNOWN', `no model or play is called "${what}"; ${near}`, {
        remedy: 'Run "dramatis models" and "dramatis plays" to see what there is.',
      });
    }
    const { path } = await resolveModel(what, { ...options, depth: 'deep' });
    return { id: what, path, bytes: await bytesOfFiles(partPaths(path)) };
  }
  const shelf = model ? modelShelf(options) : playShelf(options);
  const here = await fetchEntry(entry, shelf, { ...options, depth: 'deep' });
  return { id: entry.id, ...here, licence: entry.licence };
}
