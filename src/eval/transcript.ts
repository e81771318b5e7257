import { readFile } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { jointParts } from '../play/cast/label.ts';
import { parsePlay } from '../play/parse.ts';
import type { Play } from '../play/play.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { VISITOR } from '../prompt/prompt.ts';
import { readScene } from '../stage/past-scenes.ts';
import { errnoOf } from '../store/disk.ts';
import { refuseDevice } from '../store/read-file-bytes.ts';
import type { SceneTurn } from './task.ts';
import { said } from './turn-windows.ts';

/** Names that other programs have for the one who asks, and for what nobody says. */
const visitorNames = /^(?:visitor|user|human|you)$/i;
const silentRoles = /^(?:system|developer|tool)$/i;

const remedy =
  'Give a play text, a scene of "dramatis stage", a conversation of "dramatis chat", or a line of JSON for each turn: {"speaker": …, "text": …}.';

/**
 * The conversations in a file, with names as the cast has them: the journal of a scene or of a conversation and JSON
 * lines are one, a play text has one for each scene.
 *
 * @throws {DramatisError} FILE_MISSING; CHARACTER_UNKNOWN with all names that nobody in the play has; PLAY_UNREADABLE if
 *   it is none of these, or has no turns.
 */
export async function readTranscript(path: string, play: Play): Promise<SceneTurn[][]> {
  const bytes = await bytesOf(path);
  const text = new TextDecoder().decode(bytes);
  const isLines = text.trimStart().startsWith('{');
  const scenes = isLines ? [await linesOf(path, text)] : scenesOf(bytes, path);
  if (scenes.every((turns) => turns.length === 0))
    throw unreadable(`there are no turns in ${path}`);
  return withCastNames(scenes, play);
}

async function bytesOf(path: string): Promise<Uint8Array> {
  await refuseDevice(path);
  try {
    return await readFile(path);
  } catch (error) {
    const what = errnoOf(error) === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}`;
    throw new DramatisError('FILE_MISSING', what, { cause: error });
  }
}

const unreadable = (message: string, cause?: unknown): DramatisError =>
  new DramatisError('PLAY_UNREADABLE', message, { remedy, cause });

function scenesOf(bytes: Uint8Array, path: string): SceneTurn[][] {
  try {
    return sceneTurns(parsePlay(bytes)).map(({ turns }) => turns.map(said));
  } catch (error) {
    throw unreadable(
      `${path} is neither JSON lines nor a play: ${(error as Error).message}`,
      error,
    );
  }
}

async function linesOf(path: string, text: string): Promise<SceneTurn[]> {
  if (/^\s*\{"crc32c":/.test(text)) return journalTurns(path);
  return text.split('\n').flatMap((line, i): SceneTurn[] => {
    if (line.trim() === '') return [];
    const turn = turnOf(parsed(line));
    if (!turn) throw unreadable(`line ${i + 1} of ${path} has no speaker and text`);
    return silentRoles.test(turn.speaker) ? [] : [turn];
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** {speaker | name | role, text | content}: a name says more than the role beside it. */
function turnOf(record: unknown): SceneTurn | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const fields = new Map(Object.entries(record));
  const first = (...keys: string[]): string | undefined =>
    keys.map((key) => fields.get(key)).find((value) => typeof value === 'string');
  const speaker = first('speaker', 'name', 'role');
  const text = first('text', 'content');
  return speaker === undefined || text === undefined ? undefined : { speaker, text };
}

/** The turns that were spoken in a scene or a conversation: those that the play opens a scene with are left out. */
async function journalTurns(path: string): Promise<SceneTurn[]> {
  const { state } = await readScene(path).catch((error: unknown) => {
    throw error instanceof DramatisError ? unreadable(error.message, error) : error;
  });
  return state.turns
    .filter(({ playedBy }) => playedBy !== 'play')
    .map(({ who, text }) => ({ speaker: who, text }));
}

function withCastNames(scenes: readonly (readonly SceneTurn[])[], play: Play): SceneTurn[][] {
  const unknown = new Set<string>();
  const found = new Map<string, string>();
  const nameOf = (speaker: string): string => {
    let name = found.get(speaker);
    if (name === undefined) {
      name = castName(speaker, play);
      if (name === undefined) unknown.add(speaker);
      found.set(speaker, name ?? speaker);
    }
    return name ?? speaker;
  };
  const named = scenes.map((turns) =>
    turns.map(({ speaker, text }) => ({ speaker: nameOf(speaker), text })),
  );
  if (unknown.size > 0) {
    const names = [...unknown].map((name) => `"${name}"`).join(', ');
    throw new DramatisError('CHARACTER_UNKNOWN', `nobody in "${play.title}" is called ${names}`);
  }
  return named;
}

/** The speaker as the cast names them, a joint label name by name; undefined if nobody has one of the names. */
function castName(speaker: string, play: Play): string | undefined {
  if (visitorNames.test(speaker.trim())) return VISITOR;
  const whole = memberName(speaker, play);
  if (whole !== undefined) return whole;
  const parts = jointParts(speaker).map((part) => memberName(part, play));
  return parts.length > 1 && parts.every((part) => part !== undefined)
    ? parts.join(' and ')
    : undefined;
}

function memberName(speaker: string, play: Play): string | undefined {
  try {
    return findCharacter(play, speaker).name;
  } catch (error) {
    if (error instanceof DramatisError && error.code === 'CHARACTER_UNKNOWN') return undefined;
    throw error;
  }
}
