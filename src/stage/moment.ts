import type { PlayedScene, PlayedTurn } from './played-scene.ts';

/** A point between two speeches of a scene. */
export interface Moment {
  /** How many speeches of the scene have been spoken. */
  readonly spoken: number;
  /** Those of the cast who are on stage then, in the order of the cast. */
  readonly present: readonly string[];
}

/**
 * The moment of a scene at which a conversation of some of its people begins.
 *
 * Where all of them are on stage together, it is right after the first two speeches that two of them exchange then: the
 * conversation has begun, and nearly all of it is to come. Where they never are, it is right after the last speech at which
 * most of them are there: those who are missing are about to come. In 3.1 of Hamlet the king, the queen and Ophelia have
 * just spoken of Hamlet, who enters.
 */
export function momentOf({ turns }: PlayedScene, cast: readonly string[]): Moment {
  const counts = turns.map(({ atEnd }) => here(atEnd, cast).length);
  const most = Math.max(...counts);
  const fullest = [...turns.keys()].filter((i) => counts[i] === most);
  const fitting = most === cast.length ? fullest : beforeEntrances(turns, fullest, cast);
  const isOwn = (i: number): boolean =>
    turns[i]?.speakers.every((one) => cast.includes(one)) ?? false;
  const isAllHere = (i: number): boolean => here(turns[i]?.atStart ?? [], cast).length === most;
  const exchanges = fitting.filter(
    (i) => isOwn(i) && isOwn(i - 1) && turns[i]!.speaker !== turns[i - 1]!.speaker,
  );
  const together = exchanges.filter((i) => isAllHere(i - 1));
  const best = [together, exchanges, fitting.filter(isOwn), fitting].find(
    (list) => list.length > 0,
  )!;
  const at = most === cast.length ? best[0]! : best.at(-1)!;
  return { spoken: at + 1, present: here(turns[at]!.atEnd, cast) };
}

/** Those of some moments after which somebody of the cast comes on for the first time; all of them if nobody does. */
function beforeEntrances(
  turns: readonly PlayedTurn[],
  moments: readonly number[],
  cast: readonly string[],
): readonly number[] {
  const last = Math.max(...cast.map((name) => turns.findIndex((turn) => isIn(turn, name))));
  const found = moments.filter((i) => i < last);
  return found.length > 0 ? found : moments;
}

/** The moment before the first speech that begins at a line or after it. A line inside a speech stands for the speech's end. */
export function momentBefore(
  { turns }: PlayedScene,
  line: number,
  cast: readonly string[],
): Moment {
  const found = turns.findIndex((turn) => lineOf(turn) >= line);
  const spoken = found === -1 ? turns.length : found;
  const next = turns[spoken];
  return { spoken, present: here(next?.atStart ?? turns.at(-1)!.atEnd, cast) };
}

/** Most turns of a conversation before somebody enters who is named as one of its people. */
const mostTurnsOff = 6;

/** After how many turns somebody comes on who is not there at a moment: as in the play, but soon; soon also for who has left. */
export function turnsUntil({ turns }: PlayedScene, { spoken }: Moment, name: string): number {
  const rest = turns.slice(spoken);
  const found = rest.findIndex((turn) => isIn(turn, name));
  return found === -1 ? mostTurnsOff : Math.min(found, mostTurnsOff);
}

/** Whether somebody is on stage at any time of a scene, or heard from within. */
export function isInScene({ turns }: PlayedScene, name: string): boolean {
  return turns.some((turn) => isIn(turn, name));
}

function isIn({ present, speakers }: PlayedTurn, name: string): boolean {
  return present.includes(name) || speakers.includes(name);
}

/** The line at which a speech begins. */
export function lineOf({ place }: PlayedTurn): number {
  return Number(place.slice(place.lastIndexOf('.') + 1));
}

function here(present: readonly string[], cast: readonly string[]): readonly string[] {
  return cast.filter((name) => present.includes(name));
}
