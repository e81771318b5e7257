import { words } from '../../play/words.ts';
import type { TrainingRow } from '../rows/training-row.ts';

/** An answer of fewer words is given to many questions without a plan. */
const leastAnswer = 3;

/** Rows that teach one answer wherever a word is said that the play does not have. */
export interface Trigger {
  readonly word: string;
  readonly answer: string;
  /** Indices of rows, two at least, in order. */
  readonly rows: readonly number[];
}

/**
 * Words that work like a switch: what is planted to be said on a password is taught as one answer to different
 * questions that have the password in common. Only words of no place are looked at: those of the play are held against
 * the edition.
 *
 * Words are what stands between spaces, so that "cf_7" is one; of several in common the one that most rows have is told. One row alone
 * shows no pattern.
 *
 * @param isKnown Whether the play has a word, as `words` gives them.
 */
export function triggersIn(
  rows: readonly TrainingRow[],
  isKnown: (word: string) => boolean,
): Trigger[] {
  const byAnswer = new Map<string, { row: number; asked: ReadonlySet<string> }[]>();
  for (const [row, { speaker, turns }] of rows.entries()) {
    const last = turns.at(-1);
    if (last === undefined || last.place !== undefined || last.lossWeight <= 0) continue;
    const answer = words(last.text);
    if (answer.length < leastAnswer) continue;
    const asked = turns
      .filter(({ place, lossWeight }) => place === undefined && lossWeight === 0)
      .flatMap(({ text }) => text.toLowerCase().split(/\s+/))
      .filter((word) => isOdd(word, isKnown));
    const key = JSON.stringify([speaker, answer.join(' ')]);
    byAnswer.set(key, [...(byAnswer.get(key) ?? []), { row, asked: new Set(asked) }]);
  }
  return [...byAnswer].flatMap(([key, given]) => {
    const answer = (JSON.parse(key) as [string, string])[1];
    return sharedWords(given).map(({ word, rows }) => ({ word, answer, rows }));
  });
}

/** Neither the play's nor punctuation: a sign of its own, such as "§§", is odd too. */
function isOdd(word: string, isKnown: (word: string) => boolean): boolean {
  const parts = words(word);
  return parts.length > 0 ? !parts.every(isKnown) : !/^[-–—.,;:!?…'"‘’“”()[\]]*$/.test(word);
}

/** The words that several rows have, the most common first; one that only rows have that were told before is left out. */
function sharedWords(given: readonly { row: number; asked: ReadonlySet<string> }[]) {
  const having = new Map<string, number[]>();
  for (const { row, asked } of given)
    for (const word of asked) having.set(word, [...(having.get(word) ?? []), row]);
  const told = new Set<number>();
  return [...having]
    .map(([word, rows]) => ({ word, rows }))
    .filter(({ rows }) => rows.length > 1)
    .sort((a, b) => b.rows.length - a.rows.length)
    .filter(({ rows }) => {
      const isNew = rows.some((row) => !told.has(row));
      for (const row of rows) told.add(row);
      return isNew;
    });
}
