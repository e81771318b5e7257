import { words } from '../../play/words.ts';

/** Share of a word's uses inside a sentence that must have a capital for it to be a name. */
const capitalShare = 0.8;
/** Words that English gives a capital though they name nobody. */
const capitalAnyway = /^(?:i|o)(?:'|$)/;
/** A word after a letter or a comma stands inside a sentence, and at the start of no line. */
const insideSentence = /(?<=[\p{L},] )\p{L}[\p{L}'-]*/gu;

/** The proper names in some lines, in lower case: what is printed with a capital where no line or sentence begins. */
export function properNames(lines: Iterable<string>): ReadonlySet<string> {
  const found = new Map<string, { capital: number; total: number }>();
  for (const line of lines)
    for (const [printed] of line.replaceAll('’', "'").matchAll(insideSentence)) {
      const [word] = words(printed);
      if (word === undefined || capitalAnyway.test(word)) continue;
      const count = found.get(word) ?? { capital: 0, total: 0 };
      count.total++;
      if (/^\p{Lu}/u.test(printed)) count.capital++;
      found.set(word, count);
    }
  const isName = ({ capital, total }: { capital: number; total: number }): boolean =>
    capital / total >= capitalShare;
  return new Set([...found].flatMap(([word, count]) => (isName(count) ? [word] : [])));
}
