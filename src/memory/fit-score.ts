import type { Match } from './memory-part.ts';

/**
 * What a likeness of the question with the fact, and of its words with the fact's, weigh beside the likeness with a
 * question that the fact answers. With these the fact is among the first three for 179 of 192 questions, with the question
 * alone for 170, with the fact alone for 152 (bench/LOG.md).
 */
const factWeight = 0.3;
const wordWeight = 0.3;
const whole = 1 + factWeight + wordWeight;

/** How well something remembered fits a question. */
export interface Fit {
  /** Cosine of the question and what is remembered. */
  readonly fact: number;
  /** Cosine of the question and the question most like it of those that are known to be answered; where none is, that of the fact. */
  readonly ask?: number;
  /** Share of the question's words that are there, by their weight. */
  readonly covered: number;
}

/** One score of 0 to 1 for how well something remembered fits a question. */
export function fitScore({ fact, ask = fact, covered }: Fit): number {
  return Math.max(0, (ask + factWeight * fact + wordWeight * covered) / whole);
}

/** Items that the search by meaning puts forward, and as many that the search by words does. */
export const fitDepth = 60;

/** What is put forward for a question, and how it is scored. */
export interface Candidates {
  /** Items that the search by meaning puts forward. */
  readonly near: readonly number[];
  /** By item, the share of the question's words that it has. */
  readonly covered: readonly number[];
  readonly isAmong: (item: number) => boolean;
  readonly score: (item: number) => number;
}

/** Items that either search puts forward, best first. */
export function rankFits({ near, covered, isAmong, score }: Candidates): Match[] {
  const shared = [...covered.keys()]
    .filter((item) => isAmong(item) && covered[item]! > 0)
    .sort((a, b) => covered[b]! - covered[a]! || a - b)
    .slice(0, fitDepth);
  return [...new Set([...near, ...shared])]
    .map((item) => ({ item, score: score(item) }))
    .sort((a, b) => b.score - a.score || a.item - b.item);
}
