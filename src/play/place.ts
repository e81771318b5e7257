import { DramatisError } from '../errors.ts';
import type { Place, Play } from './play.ts';

/**
 * Reads "3.1" or "3.1.56". A prologue is scene 0 of its act, an induction act 0.
 *
 * @throws {DramatisError} PLACE_UNKNOWN if it is anything else.
 */
export function parsePlace(text: string): Place {
  const match = /^\s*(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?\s*$/.exec(text);
  if (!match) throw new DramatisError('PLACE_UNKNOWN', `"${text}" is not a place in a play`);
  const place = { act: Number(match[1]), scene: Number(match[2]) };
  return match[3] === undefined ? place : { ...place, line: Number(match[3]) };
}

/** Negative if `a` comes before `b` in the play, 0 if they are the same place; a scene comes before its lines. */
export function comparePlaces(a: Place, b: Place): number {
  return a.act - b.act || a.scene - b.scene || (a.line ?? 0) - (b.line ?? 0);
}

/** "3.1.56", or "3.1" for a place without a line. */
export function formatPlace({ act, scene, line }: Place): string {
  return line === undefined ? `${act}.${scene}` : `${act}.${scene}.${line}`;
}

/**
 * Reads a place and makes sure that the play has its scene.
 *
 * @throws {DramatisError} PLACE_UNKNOWN if it is no place, or the play has no such scene.
 */
export function requirePlace(play: Play, text: string): Place {
  const place = parsePlace(text);
  const act = play.acts.find(({ number }) => number === place.act);
  if (act?.scenes.some(({ number }) => number === place.scene)) return place;
  const scenes = act
    ? `act ${act.number} has scenes ${act.scenes.map(({ number }) => number).join(', ')}`
    : `it has acts ${play.acts.map(({ number }) => number).join(', ')}`;
  throw new DramatisError('PLACE_UNKNOWN', `"${play.title}" has no scene ${text}; ${scenes}`);
}
