import { isCollective } from '../play/cast/label.ts';
import type { Play } from '../play/play.ts';

/** Words that a character must say at least, to be distinguished from others. */
const enoughWords = 770;
/** How many stand in for them in a play where hardly anybody says so much. */
const fewest = 4;

/**
 * Names of those who say at least 770 words in the play, the most talkative first: seven in Hamlet, six in
 * Macbeth. In a play with fewer than two of them, of the four who say most.
 */
export function mainCharacters({ cast }: Play): readonly string[] {
  const ranked = cast
    .filter(({ name, speeches }) => speeches > 0 && !isCollective(name))
    .sort((a, b) => b.words - a.words);
  const enough = ranked.filter((member) => member.words >= enoughWords);
  return (enough.length > 1 ? enough : ranked.slice(0, fewest)).map(({ name }) => name);
}
