import { words } from '../play/words.ts';
import type { Digest } from './digests/digest.ts';
import { renderAsk, renderDigest, type Telling } from './digests/render-digest.ts';
import type { IndexRow } from './kind-index.ts';
import { termOf } from './word-index.ts';

/** How each of the cast calls others when it tells of them; undefined: by name. */
export type Calls = (character: string) => Telling['calls'];

/** What is searched of one digest, all in the third person. */
export interface DigestEntry {
  /** Number of the row that is the fact. */
  readonly fact: number;
  /** Numbers of the rows that are the questions it answers. */
  readonly asks: readonly number[];
  /** The words of both, as they are compared. */
  readonly terms: ReadonlySet<string>;
}

/**
 * The rows of a play's digests, as a narrator words them: each fact, and the questions it answers. One wording serves all
 * characters, whose questions are worded so too: in the words of each character there would be three times as many rows,
 * which find nothing better (bench/LOG.md).
 */
export function digestRows(digests: readonly Digest[]): {
  readonly rows: readonly IndexRow[];
  readonly entries: readonly DigestEntry[];
} {
  const rows: IndexRow[] = [];
  const entries = digests.map((digest, item): DigestEntry => {
    const texts = [renderDigest(digest), ...digest.asks.map((ask) => renderAsk(ask))];
    const [fact, ...asks] = texts.map((text) => rows.push({ item, text, embedded: text }) - 1);
    return { fact: fact!, asks, terms: termsOf(texts.join(' ')) };
  });
  return { rows, entries };
}

/** Distinct words in the form they are compared in, without those of every sentence. */
export function termsOf(text: string): Set<string> {
  return new Set(words(text).flatMap((word) => termOf(word) ?? []));
}
