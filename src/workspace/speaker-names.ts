import { distance } from 'fastest-levenshtein';
import { DramatisError } from '../errors.ts';
import { slug } from '../hub/catalogue.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { playOf } from './find-play.ts';
import type { ServedPlays } from './served-plays.ts';

/** Who a model is by its name: "hamlet", "hamlet@3.1", "macbeth/lady-macbeth@1.5+1f2e3d4c5b6a". */
export interface SpeakerName {
  readonly play: OpenedPlay;
  /** Cast name. */
  readonly character: string;
  /** Such as "3.1". */
  readonly at?: string | undefined;
  /** Id of a version. */
  readonly adapter?: string | undefined;
}

/** A character that may be asked for as a model. */
export interface ListedSpeaker {
  /** The shortest name that means this one alone, such as "hamlet". */
  readonly id: string;
  readonly play: string;
  /** Cast name. */
  readonly character: string;
}

/** Those of a play who are listed: who speak most. Whoever speaks at all may be asked for. */
const mostListed = 12;

/** Those who speak much in the plays that are here, each under the shortest name that means them alone. */
export async function listSpeakers(plays: ServedPlays): Promise<readonly ListedSpeaker[]> {
  const found: { readonly name: string; readonly play: string; readonly character: string }[] = [];
  for (const { id, here } of await plays.list()) {
    if (!here) continue;
    const { play } = await plays.open(id);
    const leads = play.cast.filter(({ speeches }) => speeches > 0);
    leads.sort((a, b) => b.speeches - a.speeches);
    for (const { name } of leads.slice(0, mostListed))
      found.push({ name: slug(name), play: id, character: name });
  }
  const counts = new Map<string, number>();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return found.map(({ name, play, character }) => ({
    id: counts.get(name) === 1 ? name : `${play}/${name}`,
    play,
    character,
  }));
}

/**
 * Whom a model's name means.
 *
 * @throws {DramatisError} MODEL_UNKNOWN with names that are like it.
 */
export async function findSpeaker(plays: ServedPlays, name: string): Promise<SpeakerName> {
  const parts = /^(?:([^/@+]+)\/)?([^/@+]+)(?:@(\d+\.\d+(?:\.\d+)?))?(?:\+([0-9a-f]{4,64}))?$/.exec(
    name,
  );
  if (!parts) throw await unknown(plays, name);
  const [, playId, character = '', at, adapter] = parts;
  const spoken = character.replaceAll('-', ' ');
  try {
    const play = await plays.open(playId ?? (await playWith(plays, spoken)));
    const found = findCharacter(play.play, spoken).name;
    return { play, character: found, at, adapter };
  } catch (error) {
    if (!(error instanceof DramatisError) || !notFound.has(error.code)) throw error;
    throw await unknown(plays, name);
  }
}

const notFound = new Set(['PLAY_UNKNOWN', 'CHARACTER_UNKNOWN']);

/** The play that somebody is in: of those that are here, else of those that are known. */
async function playWith(plays: ServedPlays, character: string): Promise<string> {
  const wanted = slug(character);
  const known = plays.meant.get(wanted);
  if (known !== undefined) return known;
  const found = await playHereWith(plays, wanted);
  if (found === undefined) return playOf(character);
  plays.meant.set(wanted, found);
  return found;
}

async function playHereWith(plays: ServedPlays, wanted: string): Promise<string | undefined> {
  const here = await listSpeakers(plays);
  const own = here.filter((one) => slug(one.character) === wanted);
  if (own.length === 1) return own[0]!.play;
  for (const { id, here: isHere } of await plays.list()) {
    if (!isHere) continue;
    const { play } = await plays.open(id);
    if (play.cast.some((one) => slug(one.name) === wanted)) return id;
  }
  return undefined;
}

async function unknown(plays: ServedPlays, name: string): Promise<DramatisError> {
  const ids = (await listSpeakers(plays)).map(({ id }) => id);
  const near = nearest(ids, name).join(' or ');
  return new DramatisError(
    'MODEL_UNKNOWN',
    `no model is called "${name.slice(0, 100)}"${near && `; did you mean ${near}?`}`,
    { remedy: 'Ask for /v1/models to see whom there is.' },
  );
}

function nearest(ids: readonly string[], name: string): readonly string[] {
  const wanted = slug(name.slice(0, 100).replace(/@.*$/, ''));
  return ids
    .map((id) => ({ id, far: distance(id.replace(/^.*\//, ''), wanted.replace(/^.*\//, '')) }))
    .filter(({ far }) => far <= Math.max(2, wanted.length / 3))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ id }) => id);
}
