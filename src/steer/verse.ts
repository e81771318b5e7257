import type { CastMember, Play } from '../play/play.ts';
import { isVerse } from '../play/verses.ts';
import { words } from '../play/words.ts';
import { ownSpeeches } from './own-speeches.ts';

/** A printed line with more words than this is prose. */
const longestVerse = 13;
/** Who speaks more verse than prose, by words, speaks verse. */
const verseSpeaker = 0.5;

/** What share of a character's words stands in speeches of verse; speeches of one or two lines tell nothing. */
function verseShare(play: Play, character: CastMember): number {
  let verse = 0;
  let all = 0;
  for (const lines of ownSpeeches(play, character)) {
    const isLong = lines.some((line) => words(line).length > longestVerse);
    if (lines.length < 3 && !isLong) continue;
    const count = words(lines.join('\n')).length;
    all += count;
    if (isVerse(lines) && !isLong) verse += count;
  }
  return all === 0 ? 0 : verse / all;
}

export const speaksVerse = (play: Play, character: CastMember): boolean =>
  verseShare(play, character) > verseSpeaker;

/**
 * Whether a word's main stress falls on a strong place of an iambic line: the second, fourth … A line may begin with a
 * stress.
 *
 * @param before Syllables of the line before the word.
 */
export function fitsIambs(stresses: readonly boolean[], before: number): boolean {
  const stressed = stresses.indexOf(true);
  if (stressed < 0 || (before === 0 && stressed === 0)) return true;
  return (before + stressed) % 2 === 1;
}
