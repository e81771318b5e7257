import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Conversation } from '../actor/conversation.ts';
import { findConversation } from '../actor/past-conversations.ts';
import { DramatisError } from '../errors.ts';
import { errnoOf } from '../store/disk.ts';
import type { JournalFault } from '../store/journal.ts';
import type { Recorded } from './events.ts';
import { type StageState, stateOf } from './state.ts';
import { talkRecords } from './talk-records.ts';
import { Transcript, type TranscriptContent, transcriptEnding } from './transcript.ts';

/** A scene that is kept, and what it is found by. */
export interface PastScene {
  /** Six hexadecimal digits, the end of the file's name. */
  readonly id: string;
  readonly path: string;
  readonly records: readonly Recorded[];
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

/**
 * Reads the transcript of a scene, or the journal of a conversation as the scene of two that it is.
 *
 * @throws {DramatisError} As `Transcript.read`.
 */
export async function readScene(path: string): Promise<PastScene> {
  const { records, faults } = await contentOf(path);
  const [begun, last] = [records[0]?.time ?? '', records.at(-1)?.time ?? ''];
  return { id: idOf(path), path, records, state: stateOf(records), faults, begun, last };
}

async function contentOf(path: string): Promise<TranscriptContent> {
  try {
    return await new Transcript(path).read();
  } catch (error) {
    if (!(error instanceof DramatisError) || error.code !== 'TRANSCRIPT_UNREADABLE') throw error;
    const conversation = await Conversation.resume(path);
    const records = talkRecords(conversation);
    if (!records) throw error;
    return { records, faults: conversation.faults };
  }
}

/**
 * The scene or conversation that is meant, to be read: see `findScene`, and `findConversation` where no scene is meant.
 *
 * @throws {DramatisError} SCENE_UNKNOWN if none or several are meant.
 */
export async function findPastScene(folder: string, asked: string): Promise<PastScene> {
  try {
    return await readScene((await findScene(folder, asked)).path);
  } catch (error) {
    if (!(error instanceof DramatisError) || error.code !== 'SCENE_UNKNOWN') throw error;
    const talk = await findConversation(folder, asked).catch(() => undefined);
    if (!talk) throw error;
    return readScene(talk.conversation.path);
  }
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

const idOf = (path: string): string =>
  basename(path)
    .replace(/(\.stage)?\.jsonl$/, '')
    .slice(-6);
