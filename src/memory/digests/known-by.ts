import { comparePlaces } from '../../play/place.ts';
import type { Place } from '../../play/play.ts';
import type { Digest, Knowledge } from './digest.ts';

/**
 * How a character knows a fact at a place of the story, or undefined if it does not.
 *
 * It does if it was there and the fact is over, or was told it, before the place; a scene without a line means its start.
 * Without a place: if it ever comes to know it.
 */
export function knownBy(
  { known }: Pick<Digest, 'known'>,
  character: string,
  before?: Place,
): Knowledge | undefined {
  const knowing = known.get(character);
  return knowing && (!before || isLearnt(knowing.at, before)) ? knowing : undefined;
}

/** A line must be over; what is known from a scene's start is known there. */
function isLearnt(at: Place, before: Place): boolean {
  const order = comparePlaces(at, before);
  return at.line === undefined ? order <= 0 : order < 0;
}
