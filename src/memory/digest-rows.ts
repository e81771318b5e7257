import type { Digest } from './digests/digest.ts';
import { renderDigest, type Telling } from './digests/render-digest.ts';
import type { IndexRow } from './kind-index.ts';

/** How each of the cast calls others when it tells of them; undefined: by name. */
export type Calls = (character: string) => Telling['calls'];

/** The rows of a play's digests: each in the third person, and as each who comes to know it would say it, where that differs. */
export interface DigestRows {
  readonly rows: readonly IndexRow[];
  /** The row by which a character finds each digest, by the digest's number: its own, or the one in the third person. */
  rowsFor(character: string): readonly number[];
}

export function digestRows(digests: readonly Digest[], calls: Calls): DigestRows {
  const rows: IndexRow[] = [];
  const third: number[] = [];
  const own = new Map<string, Map<number, number>>();
  digests.forEach((digest, item) => {
    const plain = renderDigest(digest);
    third.push(rows.length);
    rows.push({ item, text: plain, embedded: plain });
    const told = new Map<string, number>(); // several may tell it in the same words
    for (const character of digest.known.keys()) {
      const text = renderDigest(digest, { character, calls: calls(character) });
      if (text === plain) continue;
      if (!told.has(text)) {
        told.set(text, rows.length);
        rows.push({ item, text: `${text} ${plain}`, embedded: text });
      }
      const mine = own.get(character) ?? new Map<number, number>();
      own.set(character, mine.set(item, told.get(text)!));
    }
  });
  return {
    rows,
    rowsFor: (character) => {
      const mine = own.get(character);
      return mine ? third.map((row, item) => mine.get(item) ?? row) : third;
    },
  };
}
