import { supplement } from './syllable-supplement.ts';

/** How many syllables something may have: words of verse are said long or short as the line needs. */
export interface Syllables {
  readonly least: number;
  readonly most: number;
}

let pronunciations: Readonly<Record<string, string>> | undefined;
const known = new Map<string, Syllables>();

/** Reads the pronouncing dictionary, which takes 0.2 s and 60 MB: once, before the first `syllablesOf`. */
export async function loadPronunciations(): Promise<void> {
  pronunciations ??= (await import('cmu-pronouncing-dictionary')).dictionary;
}

/**
 * The syllables of a word as `words` has it: from our supplement of early modern English, else the dictionary, else the
 * word's parts, else its vowels.
 *
 * @throws {TypeError} Before `loadPronunciations`.
 */
export function syllablesOf(word: string): Syllables {
  let found = known.get(word);
  if (!found) {
    found = listed(word) ?? fromParts(word) ?? fromVowels(word);
    known.set(word, found);
  }
  return found;
}

/** Syllables of several words in a row. */
export function syllablesIn(words: readonly string[]): Syllables {
  let least = 0;
  let most = 0;
  for (const word of words) {
    const of = syllablesOf(word);
    least += of.least;
    most += of.most;
  }
  return { least, most };
}

function listed(word: string): Syllables | undefined {
  if (!pronunciations) throw new TypeError('the pronouncing dictionary has not been loaded');
  const own = supplement.get(word);
  if (own) return { least: own[0], most: own[1] };
  // What may be said short may be so too where it owns something.
  if (/[^']'s$/.test(word)) return withPlural(word.slice(0, -2));
  // Apostrophes at the start are no part of a word for `words`: "'tis" comes as "tis".
  const said = variants(word)
    .concat(variants(`'${word}`))
    .map(vowelSounds);
  if (said.length === 0) return undefined;
  const least = Math.min(...said);
  const most = Math.max(...said);
  // What is silent today and printed in full, "banished", may be said: where it may not, "banish'd" is printed.
  return { least, most: /[^aeioutd]ed$/.test(word) ? most + 1 : most };
}

function variants(word: string): string[] {
  const found: string[] = [];
  for (let i = 1; ; i++) {
    const key = i === 1 ? word : `${word}(${i})`;
    if (!Object.hasOwn(pronunciations!, key)) return found;
    found.push(pronunciations![key]!);
  }
}

/**
 * Where a word of several syllables is stressed, as the dictionary has it: true for its main stress, a sign for each
 * syllable. Undefined for words of one syllable, which a verse stresses or not as it likes, and for those not listed.
 *
 * @throws {TypeError} Before `loadPronunciations`.
 */
export function stressesOf(word: string): readonly boolean[] | undefined {
  if (!pronunciations) throw new TypeError('the pronouncing dictionary has not been loaded');
  const own = supplement.get(word);
  const [said] = variants(word);
  if (said === undefined || (own && own[0] !== vowelSounds(said))) return undefined;
  const digits = said.match(/\d/g) ?? [];
  return digits.length < 2 ? undefined : digits.map((digit) => digit === '1');
}

/** Vowels carry a digit for their stress. */
const vowelSounds = (pronunciation: string): number => pronunciation.match(/\d/g)?.length ?? 0;

const sibilant = /(?:s|x|z|ch|sh|ce|ge|se|ze)$/;

/** Endings and beginnings that change a known word's syllables by so many. */
const suffixes: readonly (readonly [ending: RegExp, least: number, most: number])[] = [
  [/'d$/, 0, 0],
  [/(?:'t|'st|'ll|'rt|'re|'ve)$/, 0, 0],
  [/est$/, 0, 1],
  [/st$/, 0, 0],
  [/eth$/, 1, 1],
  [/(?:ness|less|ful|ly|ship|some|wise|ment|ing|ish|er|or|ers|ward|able|ry|y)(?:es)?$/, 1, 1],
  [/ed$/, 0, 1],
];
const prefixes = /^(?:un|re|dis|mis|be|en|em|in|im|fore|out|up|a)(?=[a-z]{3})/;

/** "o'er-leap", "unkindly", "kill'd", "turneth": from words that are listed. */
function fromParts(word: string): Syllables | undefined {
  if (word.includes('-')) return syllablesIn(word.split('-'));
  if (word.startsWith("o'er")) return plus(syllablesOf(word.slice(4)), 1);
  for (const [ending, least, most] of suffixes) {
    const stem = ending.test(word) ? stemOf(word.replace(ending, '')) : undefined;
    if (stem) return plus(stem, least, most);
  }
  if (/[^s]s$/.test(word)) {
    const stem = stemOf(word.slice(0, -1)) && withPlural(word.slice(0, -1));
    if (stem) return stem;
  }
  const prefix = prefixes.exec(word);
  return prefix ? plus(syllablesOf(word.slice(prefix[0].length)), 1) : undefined;
}

/** The stem that an ending was put on: as it is, with the e it lost, or with its last letter once. */
function stemOf(stem: string): Syllables | undefined {
  if (stem.length < 2) return undefined;
  const forms = [stem, `${stem}e`, stem.replace(/i$/, 'y'), stem.replace(/(.)\1$/, '$1')];
  for (const form of forms) {
    const found = listed(form);
    if (found) return found;
  }
  return undefined;
}

const withPlural = (stem: string): Syllables =>
  plus(syllablesOf(stem), sibilant.test(stem) ? 1 : 0);

const plus = ({ least, most }: Syllables, few: number, many = few): Syllables => ({
  least: least + few,
  most: most + many,
});

/** Groups of vowels; a last e is silent but after a consonant and l, an apostrophe stands for a vowel that is not said. */
function fromVowels(word: string): Syllables {
  const spoken = word.replace(/[^aeiouyl]e$/, '').replace(/(?<=[aeiouy][^aeiouy]?l)e$/, '');
  const count = Math.max(1, spoken.match(/[aeiouyà-ÿ]+/g)?.length ?? 0);
  return { least: count, most: /[^aeioutd]ed$/.test(word) ? count + 1 : count };
}
