import type { Play } from '../../play/play.ts';
import { SpokenWords } from '../../play/spoken-words.ts';
import { stressesOf, syllablesOf } from '../../play/verse/syllables.ts';
import { literal } from '../grammar/grammar-text.ts';
import { fitsIambs } from './fits-iambs.ts';

/**
 * Iambic pentameter as a grammar, to be read and tried: lines of ten or eleven syllables with the words' stresses in
 * place, as against lines of about as many letters. Needs `loadPronunciations`.
 */
export function verseGrammar(play: Play): string {
  return `${verseRules(play).join('\n')}\n`;
}

/** What a word counts whose stresses are not known, beside one that fits. */
const unknownWord = 0.1;
const metrical = 4;

/**
 * Iambic pentameter over the words of the play: a state for each number of syllables said, and for each state the words
 * whose main stress then falls on an even syllable. Words that the play does not have pass with a low weight, as one to
 * three syllables of any stress; so do lines of no metre at all.
 */
function verseRules(play: Play): string[] {
  const kinds = new Map<string, string[]>();
  for (const word of playWords(play)) {
    const kind = kindOf(word);
    if (kind) kinds.set(kind, [...(kinds.get(kind) ?? []), word]);
  }
  const names = [...kinds.keys()].sort();
  const rules = names.map((kind) => {
    const list = kinds.get(kind)!.sort();
    return `w${kind} ::= ${list.map((word) => `[${word[0]}${word[0]!.toUpperCase()}] ${literal(word.slice(1))}`).join(' | ')}`;
  });
  const states = Array.from({ length: 11 }, (_, said) => {
    const known = names.filter((kind) => fits(kind, said) && said + kind.length <= 11);
    const ways = known.map((kind) => `w${kind} ${after(said + kind.length)}`);
    const free = [1, 2, 3]
      .filter((count) => said + count <= 11)
      .map((count) => `/${unknownWord}/ unknown ${after(said + count)}`);
    return `s${said} ::= ${[...ways, ...free].join(' | ')}`;
  });
  return [
    'root ::= " "? verse | "[" [^\\]\\n]{1,60} "]" [ \\n] verse',
    'verse ::= line ("\\n" line){0,19} ~ 6',
    `line ::= /${metrical}/ s0 | /1/ loose`,
    'loose ::= [^\\n]{1,80} ~ 42',
    "unknown ::= [A-Za-z] [a-z'’-]*",
    'gap ::= [,;:.!?]? " "',
    'stop ::= [,;:.!?]?',
    ...rules,
    ...states,
  ];
}

const after = (said: number): string =>
  said >= 11 ? 'stop' : said === 10 ? '(/2/ stop | gap s10)' : `gap s${said}`;

/** Such as "01": a sign for each syllable, 1 where the main stress is; "x" for one syllable, which fits anywhere. */
function kindOf(word: string): string | undefined {
  if (!/^[a-z]+(?:'[a-z]+)*$/.test(word)) return undefined;
  const { least, most } = syllablesOf(word);
  if (least !== most || most > 4) return undefined;
  if (most === 1) return 'x';
  const stresses = stressesOf(word);
  return stresses?.length === most
    ? stresses.map((stressed) => (stressed ? '1' : '0')).join('')
    : undefined;
}

const fits = (kind: string, said: number): boolean =>
  fitsIambs(
    [...kind].map((sign) => sign === '1'),
    said,
  );

function playWords(play: Play): Set<string> {
  return new Set(SpokenWords.of(play).bySpeech.flat());
}
