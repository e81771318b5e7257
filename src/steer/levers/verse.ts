import type { Model } from '../../engine/model.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { stressesOf, syllablesIn } from '../../play/verse/syllables.ts';
import { isVerse } from '../../play/verse/verses.ts';
import { words } from '../../play/words.ts';
import { type SpelledModel, vocabularyTexts } from '../grammar/vocabulary-texts.ts';
import { addBiases, type Push } from '../push.ts';
import { fitsIambs } from './fits-iambs.ts';
import { ownSpeeches } from './own-speeches.ts';
import { verseGrammar } from './verse-grammar.ts';

/** A printed line with more words than this is prose. */
const longestVerse = 13;
/** Who speaks more verse than prose, by words, speaks verse. */
const verseSpeaker = 0.5;

/** Log-weights: of a word whose stress falls where the line has none, and of a line's end too early, in place, too late. */
const misfit = -1;
const breakEarly = -6;
const breakInPlace = 4;
const breakLate = 8;

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

/** Words of several syllables that the play has, with their stresses. */
function stressedWords(play: Play): ReadonlyMap<string, readonly boolean[]> {
  const found = new Map<string, readonly boolean[]>();
  for (const { speech } of speeches(play))
    for (const word of words(speech.lines.join('\n'))) {
      if (found.has(word)) continue;
      const stresses = stressesOf(word);
      if (stresses) found.set(word, stresses);
    }
  return found;
}

/**
 * Pushes towards iambic pentameter: words away that put their stress on a weak place, and a line's end to after the
 * tenth or eleventh syllable. Only words of the play that are one token are pushed, and only where the syllables so far
 * can be told for certain.
 *
 * Token by token and not by its grammar, which is `written`: that follows each line's letters through the words of the
 * play, is hardly twice in the same state, and so takes 85 ms a token where this takes 0.1.
 *
 * Needs `loadPronunciations`.
 */
export function versePush(model: SpelledModel & Pick<Model, 'tokenize'>, play: Play): Push {
  const known = stressedWords(play);
  const misfits = [0, 1, 2].map(() => new Map<number, number>());
  vocabularyTexts(model).forEach((text, token) => {
    const stresses = text.startsWith(' ') ? known.get(text.slice(1).toLowerCase()) : undefined;
    if (!stresses) return;
    for (const before of [0, 1, 2])
      if (!fitsIambs(stresses, before)) misfits[before]!.set(token, misfit);
  });
  const lineEnd = model.tokenize('\n');
  const ends = [breakEarly, breakInPlace, breakLate].map(
    // A vocabulary without a token of its own for a line's end has none that could be pushed.
    (nats) => new Map(lineEnd.length === 1 ? [[lineEnd[0]!, nats]] : []),
  );
  // Added up once: they have thousands of tokens. The last is for a place that cannot be told.
  const pushes = [...misfits, new Map<number, number>()].map((stress) =>
    ends.map((end) => addBiases([stress, end])),
  );
  return {
    grammar: '',
    written: verseGrammar(play),
    after(text) {
      const { least, most } = syllablesIn(words(text.slice(text.lastIndexOf('\n') + 1)));
      // Begun again from 2: only whether a place is weak or strong counts after the first.
      const place = most === 0 ? 0 : 2 - (most % 2);
      const end = most < 10 ? 0 : least > 11 ? 2 : 1;
      return pushes[least === most ? place : misfits.length]![end]!;
    },
    about: 'lines of ten or eleven syllables, stressed on every second',
  };
}
