import type { CastMember, Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';

/** The lines of each whole speech that a character speaks, alone or with others. */
export function ownSpeeches(play: Play, { name }: CastMember): (readonly string[])[] {
  return [...speeches(play)]
    .filter(({ speech }) => speech.speakers.includes(name))
    .map(({ speech }) => speech.lines);
}
