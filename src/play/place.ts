import { DramatisError } from '../errors.ts';
import type { Place, Play } from './play.ts';

const placeForm = /^\s*(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?\s*$/;

/**
 * Reads "3.1" or "3.1.56". A prologue is scene 0 of its act, an induction act 0.
 *
 * @throws {DramatisError} PLACE_UNKNOWN if it is anything else.
 */
export function parsePlace(text: string): Place {
  const match = placeForm.exec(text);
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

/** Whether the text is the number of an act alone, which stands for its first scene. */
export const isAct = (text: string): boolean => /^\s*\d{1,4}\s*$/.test(text);

/**
 * Reads a place and makes sure that the play has its scene; "3" is the first scene of act 3.
 *
 * @throws {DramatisError} PLACE_UNKNOWN if it is no place, or the play has no such scene, with the scenes that there are.
 */
export function requirePlace(play: Play, text: string): Place {
  const act = play.acts.find(({ number }) => number === Number.parseInt(text, 10));
  const remedy = `Give act.scene or act.scene.line. The scenes are ${scenesOf(play)}.`;
  if (isAct(text)) {
    const first = act?.scenes[0]?.number;
    if (act && first !== undefined) return { act: act.number, scene: first };
    throw new DramatisError('PLACE_UNKNOWN', `"${play.title}" has no act ${text}`, { remedy });
  }
  if (!placeForm.test(text))
    throw new DramatisError('PLACE_UNKNOWN', `"${text}" is not a place in a play`, { remedy });
  const place = parsePlace(text);
  if (act?.scenes.some(({ number }) => number === place.scene)) return place;
  const scenes = act
    ? `act ${act.number} has scenes ${act.scenes.map(({ number }) => number).join(', ')}`
    : `it has acts ${play.acts.map(({ number }) => number).join(', ')}`;
  throw new DramatisError('PLACE_UNKNOWN', `"${play.title}" has no scene ${text}; ${scenes}`, {
    remedy,
  });
}

/** The scenes of a play, such as "1.1 to 1.5, 2.1, 3.1 to 3.4". */
function scenesOf(play: Play): string {
  const ranges = play.acts.flatMap(({ number: act, scenes }) => {
    const [first, last] = [scenes[0], scenes.at(-1)];
    if (!first || !last) return [];
    const from = formatPlace({ act, scene: first.number });
    return first === last ? [from] : [`${from} to ${formatPlace({ act, scene: last.number })}`];
  });
  return ranges.join(', ');
}
