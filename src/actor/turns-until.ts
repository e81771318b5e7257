import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Place } from '../play/play.ts';
import type { SpokenTurn } from './conversation-record.ts';

/**
 * Whether a turn was said at a later point of the story than the one that is talked at: nobody there has heard it.
 *
 * @param at Undefined when all of the play is over: nothing is said later than that.
 */
export function isSaidLater(turn: Pick<SpokenTurn, 'at'>, at: Place | undefined): boolean {
  if (!at) return false;
  return turn.at === undefined || comparePlaces(parsePlace(turn.at), at) > 0;
}

/** The turns that a prompt may show at a point of the story; the last one, which is to be answered, is always among them. */
export function turnsUntil<T extends Pick<SpokenTurn, 'at'>>(
  turns: readonly T[],
  at: Place | undefined,
): T[] {
  return turns.filter((turn, i) => i === turns.length - 1 || !isSaidLater(turn, at));
}
