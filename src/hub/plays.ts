import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { parsePlay } from '../play/parse.ts';
import type { Play } from '../play/play.ts';
import { errnoOf } from '../store/disk.ts';
import { readFileBytes } from '../store/read-file-bytes.ts';
import { sha256 } from '../store/sha256.ts';
import { findEntry, type PlayEntry, plays, suggest } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { fetchEntry, findOnShelf, lookUpEntry } from './fetch-entry.ts';
import type { Shelf } from './fetch-source.ts';

export interface OpenedPlay {
  readonly play: Play;
  /** The catalogue's id, or the file's name for a play that is not in it. */
  readonly id: string;
  /** SHA-256 of the text, in hex. */
  readonly sha256: string;
  readonly path: string;
}

/**
 * A play, parsed: by its id in the catalogue, in which case its text is fetched if it is not here, or by
 * the path of a file in any format the parser knows.
 *
 * @throws {DramatisError} PLAY_UNKNOWN with ids that are like it, FILE_MISSING, PLAY_UNREADABLE, and what
 *   fetching throws.
 */
export async function openPlay(idOrPath: string, options: HubOptions = {}): Promise<OpenedPlay> {
  const entry = findEntry(plays(), idOrPath);
  if (entry) {
    const { path } = await fetchEntry(entry, playShelf(options), options);
    return read(path, entry.id, entry.title);
  }
  const path = resolve(idOrPath);
  try {
    return await read(path, idOrPath.replace(/^.*[\\/]|\.[^.]*$/g, ''));
  } catch (error) {
    throw unreadable(idOrPath, error);
  }
}

function unreadable(idOrPath: string, error: unknown): unknown {
  const errno =
    errnoOf(error) ?? (error instanceof DramatisError ? errnoOf(error.cause) : undefined);
  if (!errno) return error;
  const looksLikePath = /[\\/.]/.test(idOrPath);
  if (errno === 'ENOENT' && !looksLikePath) {
    const near = suggest(plays(), idOrPath);
    return new DramatisError('PLAY_UNKNOWN', `no play is called "${idOrPath}"; ${near}`);
  }
  const path = resolve(idOrPath);
  const what = errno === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${errno}`;
  return new DramatisError('FILE_MISSING', what, { cause: error });
}

/**
 * Refuses what `openPlay` would refuse without reading the play. Opens no socket.
 *
 * @throws {DramatisError} PLAY_UNKNOWN, FILE_MISSING, OFFLINE
 */
export async function lookUpPlay(idOrPath: string, options: HubOptions = {}): Promise<void> {
  const entry = findEntry(plays(), idOrPath);
  if (entry) await lookUpEntry(entry, playShelf(options), options);
  else
    await access(resolve(idOrPath)).catch((error: unknown) => {
      throw unreadable(idOrPath, error);
    });
}

/** Path of a catalogue play's text if it is here; undefined if it would have to be fetched. */
export async function findPlay(
  entry: PlayEntry,
  options: HubOptions = {},
): Promise<string | undefined> {
  return (await findOnShelf(entry, playShelf(options), { depth: 'length', ...options }))?.path;
}

export function playShelf(options: HubOptions): Shelf {
  return {
    folder: hubFolders(options).plays,
    check: async (path) => parsePlay(await readFile(path)),
  };
}

async function read(path: string, id: string, title?: string): Promise<OpenedPlay> {
  const bytes = await readFileBytes(path);
  const play = parsePlay(bytes, title === undefined ? {} : { title });
  return { play, id, sha256: sha256(bytes), path };
}
