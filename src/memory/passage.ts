import { comparePlaces } from '../play/place.ts';
import type { Place } from '../play/play.ts';

/** What memory stores: words of one speech, about sixty at most, that all the same people heard. */
export interface Passage {
  /** Place of its first line, "act.scene.line". */
  readonly place: string;
  /** Place of its last line, which is what must lie before a point of the story. */
  readonly end: Required<Place>;
  /** The label in a transcript: "HAMLET", or "ROSENCRANTZ and GUILDENSTERN" for a joint speech. */
  readonly speaker: string;
  /** The lines as printed, one under the other. */
  readonly text: string;
  /** Cast names of those on stage, sorted. */
  readonly present: readonly string[];
  /** Cast names of those who heard it: those on stage, and those who spoke it from elsewhere. */
  readonly witnesses: ReadonlySet<string>;
}

/** Whether `character` heard the passage, and all of it lies before the place, if one is given. */
export function isWitnessed(
  { witnesses, end }: Pick<Passage, 'witnesses' | 'end'>,
  character: string,
  before?: Place,
): boolean {
  return witnesses.has(character) && (!before || comparePlaces(end, before) < 0);
}
