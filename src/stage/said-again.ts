import { RunIndex } from '../corpus/gates/run-index.ts';
import { sharedRun } from '../corpus/gates/shared-run.ts';
import { words } from '../play/words.ts';

/** Words in a row that are said again by no chance: six of a thousand turns of the plays have such a run of their speaker's. */
export const repeatedRun = 5;
/** Share of a turn's words of meaning that stand in the turn before, from which on it says nothing of its own. */
const echoedShare = 0.6;
/** Words of meaning from which on a share tells. */
const leastContent = 8;

/**
 * The words of a text by which it is known again, a word that follows itself left out: "Madam, madam!" is "Madam." Two turns
 * that agree in it are one turn said twice, however short: of eight turns in a row the plays have such a pair in .007.
 */
export function wholeOf(text: string): string {
  return words(text)
    .filter((word, i, all) => word !== all[i - 1])
    .join(' ');
}

/** The first two words of a turn; undefined for a shorter one. */
export function openingOf(text: string): string | undefined {
  const [first, second] = words(text);
  return second === undefined ? undefined : `${first} ${second}`;
}

/** How a text gives another back. */
export interface Echo {
  /** Share of its words of meaning that the other has, or 1 for a run of five words. */
  readonly value: number;
  readonly detail: string;
}

/** How a text gives another back, word for word or in most of its words; undefined if it does not. */
export function echoOf(text: string, before: string): Echo | undefined {
  const run = sharedRun(text, new RunIndex([{ place: 'before', text: before }]));
  if (run && run.length >= repeatedRun)
    return { value: 1, detail: `gives the last turn back: “${run.words}”` };
  const content = contentWords(text);
  const heard = contentWords(before);
  const shared = [...content].filter((word) => heard.has(word)).length / content.size;
  if (content.size < leastContent || shared <= echoedShare) return undefined;
  const percent = Math.round(100 * shared);
  return { value: shared, detail: `has ${percent} % of its words from the last turn` };
}

/** Words that every text has: they tell nothing of what it is about. */
const smallWords = new Set(
  `a about after again all am an and any are art as at be been before but by can could did do does dost doth down else ere
  ever every for from had has hast hath have he her here him himself his how i if in into is it its itself let like may me
  might mine more most much must my myself nay no none nor not now o of off oh on once one only or our out over own shall
  shalt she should since so some such than that the thee their them then there these they thine this those thou through thus
  thy till to too 'tis tis under unto up upon us very was we well were wert what when where which while who whom whose why
  will wilt with within without would ye yea yes yet you your yours yourself`.split(/\s+/),
);

/** The different words of a text that say what it is about. */
export function contentWords(text: string): ReadonlySet<string> {
  return new Set(words(text).filter((word) => !smallWords.has(word)));
}
