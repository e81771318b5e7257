import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf } from '../store/disk.ts';
import type { JournalFault } from '../store/journal.ts';
import { type StageState, stateOf } from './state.ts';
import { Transcript, transcriptEnding } from './transcript.ts';

/** A scene that is kept, and what it is found by. */
export interface PastScene {
  /** Six hexadecimal digits, the end of the file's name. */
  readonly id: string;
  readonly path: string;
  readonly state: StageState;
  readonly faults: readonly JournalFault[];
  /** Times of its first and its last event that could be read; ISO 8601. */
  readonly begun: string;
  readonly last: string;
}

/** Every scene in a folder, and a sentence on each file that is none. */
export interface PastScenes {
  /** What was gone on with last comes first. */
  readonly scenes: readonly PastScene[];
  readonly unreadable: readonly string[];
}

/** Reads every scene in a folder; none if there is no folder. */
export async function readScenes(folder: string): Promise<PastScenes> {
  const scenes: PastScene[] = [];
  const unreadable: string[] = [];
  for (const path of await pathsIn(folder)) {
    try {
      scenes.push(await readScene(path));
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      unreadable.push(error.message); // one file must not hide the others
    }
  }
  scenes.sort((a, b) => (a.last < b.last ? 1 : -1));
  return { scenes, unreadable };
}

/** @throws {DramatisError} As `Transcript.read`. */
export async function readScene(path: string): Promise<PastScene> {
  const { records, faults } = await new Transcript(path).read();
  const [begun, last] = [records[0]?.time ?? '', records.at(-1)?.time ?? ''];
  return { id: idOf(path), path, state: stateOf(records), faults, begun, last };
}

/**
 * The transcript that a path, an id or the start of an id means; "latest" is the one begun last.
 *
 * @throws {DramatisError} SCENE_UNKNOWN if none or several are meant.
 */
export async function findScene(folder: string, asked: string): Promise<Transcript> {
  const wanted = asked.trim();
  if (/[/\\]|\.jsonl$/.test(wanted) && existsSync(wanted)) return new Transcript(wanted);
  const paths = await pathsIn(folder);
  const id = wanted.toLowerCase();
  const found =
    id === 'latest' ? paths.slice(-1) : paths.filter((path) => id && idOf(path).startsWith(id));
  if (found.length === 1) return new Transcript(found[0]!);
  const meant = found.map((path) => basename(path, transcriptEnding)).join(', ');
  const several = found.length > 1 ? `"${asked}" means several scenes: ${meant}` : undefined;
  throw new DramatisError('SCENE_UNKNOWN', several ?? `no scene here is called "${asked}"`);
}

/** Sorted by the time they were begun, which their names start with. */
async function pathsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(transcriptEnding))
    .sort()
    .map((name) => join(folder, name));
}

const idOf = (path: string): string => basename(path, transcriptEnding).slice(-6);
