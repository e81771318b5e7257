import { isCollective } from '../../play/cast/label.ts';
import type { Play } from '../../play/play.ts';

/** A speaker of fewer words is not known well enough from the rest of the play to be set apart from others. */
const enough = { speeches: 30, words: 600 } as const;
/** How many stand in for them in a play where fewer than two say so much. */
const fewest = 4;

/** Cast names of those whose lines are asked about: 30 speeches and 600 words at least, the most talkative first. */
export function whoSpeakers({ cast }: Play): readonly string[] {
  const ranked = cast
    .filter(({ name, speeches }) => speeches > 0 && !isCollective(name))
    .sort((a, b) => b.words - a.words);
  const known = ranked.filter(
    ({ speeches, words }) => speeches >= enough.speeches && words >= enough.words,
  );
  return (known.length > 1 ? known : ranked.slice(0, fewest)).map(({ name }) => name);
}
