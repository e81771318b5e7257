import MiniSearch from 'minisearch';
import { folded } from '../play/folded.ts';
import { words } from '../play/words.ts';
import { presentOf } from './irregular-verbs.ts';

/** What is found by its words, and by who says them. */
export interface WordDocument {
  readonly text: string;
  readonly speaker?: string | undefined;
}

/** A document found. */
export interface WordMatch {
  /** Number of the document. */
  readonly row: number;
  /** BM25: to be compared within one query only. */
  readonly score: number;
}

/**
 * Finds passages by the words they share with a query, ranked by BM25.
 *
 * Made anew in each process: 25 ms for the longest play, and 70 ms in a cold process. Reading it from a
 * file would take 15 ms, which is not worth another file that may be damaged or out of date.
 */
export class WordIndex {
  readonly #index: MiniSearch;

  constructor(documents: readonly WordDocument[]) {
    this.#index = new MiniSearch({
      fields: ['text', 'speaker'],
      tokenize: words,
      processTerm: termOf,
      searchOptions: { boost: { speaker: 0.5 } },
    });
    this.#index.addAll(documents.map(({ text, speaker = '' }, id) => ({ id, text, speaker })));
  }

  /** The `limit` best documents that are allowed, best first; fewer if fewer share a word. */
  search(query: string, limit: number, allowed: (row: number) => boolean): WordMatch[] {
    return this.#index
      .search(query, { filter: ({ id }) => allowed(id) })
      .slice(0, limit)
      .map(({ id, score }) => ({ row: id, score }));
  }
}

/** Words of every sentence, old and new, that tell nothing about what a passage is about. */
const silent = new Set(
  (
    'a an and are as at be been but by did do does for from had has have he her him his how i if in is it its ' +
    'me my no nor not of on or our shall she so than that the thee their them then there these they thine this ' +
    'thou thy to unto upon us was we were what when where which who whom why will with would you your ye ' +
    "hath doth dost hast art tis 'tis about tell say said"
  ).split(' '),
);

/** Words of greeting and courtesy, and those that ask who somebody is. */
const courteous = new Set(
  (
    'hello hail hi greetings welcome farewell goodbye good well met morrow morning day today now please ' +
    'pray prithee thank thanks lord lady sir madam liege dear sweet noble gentle ' +
    'glad meet fare fares feel feeling name yourself thyself'
  ).split(' '),
);

/** Words that ask on without saying what about. */
const askingOn = new Set(
  'yes ay aye again more else go on really indeed much many first last'.split(' '),
);

/** Whether words say too little to be searched alone, such as "And why did he?": all of them are of every sentence. */
export function saysNothingAlone(text: string): boolean {
  return words(text).every((word) => silent.has(word) || askingOn.has(word));
}

/** Whether words only greet, or ask who and how somebody is: they bring nothing to mind. */
export function isGreeting(text: string): boolean {
  return words(text).every((word) => silent.has(word) || courteous.has(word));
}

/**
 * The form in which words are compared: endings of the plural, the possessive and the verb taken off,
 * the old ones too, so that "murders", "murdered" and "murdereth" are one, "sold" is "sell", and "to-morrow" is
 * "tomorrow"; accents, too, so that "Œdipe" is found by "oedipe". Null for a silent word.
 */
export function termOf(word: string): string | null {
  if (silent.has(word)) return null;
  const found = terms.get(word) ?? stemOf(word);
  if (terms.size >= mostTerms) terms.clear();
  terms.set(word, found);
  return found;
}

/** Terms by word: the words of a play come again and again. */
const terms = new Map<string, string>();
const mostTerms = 50_000;

function stemOf(word: string): string {
  const plain = folded(word)
    .replace(/^to-(?=(?:day|morrow|night)$)/, 'to')
    .replace(/'s$|'$/, '')
    .replace(/'(d|st|t)$/, 'e$1');
  const bare = presentOf(plain);
  const stem = bare.replace(/(?:ies)$/, 'y').replace(/(?:eth|est|ing|ed|es|s|e)$/, '');
  if (stem.length >= 3) return stem;
  // "died" is "die", and "owes" is "owe".
  return bare.length > 3 ? bare.replace(/(?<=e)[ds]$/, '') : bare;
}
