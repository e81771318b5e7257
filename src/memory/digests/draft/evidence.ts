import { words } from '../../../play/words.ts';
import { termOf } from '../../word-index.ts';
import { speechesOf } from './draft-items.ts';
import { type Piece, type PieceLine, pieceText } from './scene-pieces.ts';

/** Speeches of an exchange that a fact may rest on, at most. */
const mostSpeeches = 3;

/** Words quoted as the proof of a place. */
const leastQuoted = 3;
const mostQuoted = 8;

/** An exchange of a piece: what a fact may rest on. */
export interface Exchange {
  readonly lines: Piece;
  readonly text: string;
  /** Words that say what it is about, in the form that they are compared in. */
  readonly terms: ReadonlySet<string>;
}

/** What a sentence rests on in a piece. */
export interface Evidence {
  readonly exchange: Exchange;
  /** Cosine of the sentence and the exchange. */
  readonly likeness: number;
  /** Words that both have, names left out, in the form that they are compared in. */
  readonly shared: readonly string[];
}

/** Every exchange of a piece: each speech alone, and up to three in a row. */
export function exchangesOf(piece: Piece): Exchange[] {
  const speeches = speechesOf(piece);
  return speeches.flatMap((_, from) =>
    Array.from({ length: Math.min(mostSpeeches, speeches.length - from) }, (_, more) => {
      const lines = speeches.slice(from, from + more + 1).flat();
      const said = lines.flatMap(({ text, directions, after = [] }) => [
        ...directions,
        text,
        ...after,
      ]);
      return { lines, text: pieceText(lines), terms: new Set(termsOf(said.join(' '))) };
    }),
  );
}

/** The exchange that a sentence is nearest to in meaning, of those that have a line. */
export function evidenceOf(
  sentence: { readonly vector: Float32Array; readonly terms: readonly string[] },
  exchanges: readonly Exchange[],
  vectors: readonly Float32Array[],
  line: PieceLine,
): Evidence {
  const likenesses = exchanges.map(({ lines }, i) =>
    lines.includes(line) ? cosine(sentence.vector, vectors[i]!) : -1,
  );
  const best = likenesses.indexOf(Math.max(...likenesses));
  const exchange = exchanges[best]!;
  const shared = sentence.terms.filter((term) => exchange.terms.has(term));
  return { exchange, likeness: likenesses[best]!, shared };
}

/** Words that say what a text is about, in the form that they are compared in. */
export function termsOf(text: string): string[] {
  return words(text).flatMap((word) => termOf(word) ?? []);
}

/** The line that has most of the words, and up to eight of its words in a row; undefined if all are short. */
export function quoteFrom(
  lines: Piece,
  shared: readonly string[],
): { readonly line: PieceLine; readonly words: string } | undefined {
  const worth = ({ text }: PieceLine): number =>
    termsOf(text).filter((term) => shared.includes(term)).length;
  const [line] = lines
    .filter(({ text }) => words(text).length >= leastQuoted)
    .sort((a, b) => worth(b) - worth(a));
  if (!line) return undefined;
  const all = line.text.split(/\s+/);
  const first = all.findIndex((word) => termsOf(word).some((term) => shared.includes(term)));
  const from = Math.max(0, Math.min(first - 2, all.length - mostQuoted));
  return { line, words: all.slice(from, from + mostQuoted).join(' ') };
}

/** The cosine of two vectors of length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
