import type { ScoreAnswer } from '../../../measure/row.ts';

/** A page with the words that may follow it, as they stand after it. */
export interface ScoreQuestion {
  /** Text before the continuations; never empty, since the first token of all has no probability. */
  readonly page: string;
  /** At least one; none empty. */
  readonly continuations: readonly string[];
}

interface Scores {
  /** One for each question. */
  readonly answers: readonly ScoreAnswer[];
  /** Tokens of everything sent. */
  readonly evaluatedTokens: number;
}

/** One way to learn from a server how likely words are. */
export interface Scorer {
  /** How it is done, in a few words. */
  readonly name: string;
  score(questions: readonly ScoreQuestion[], signal?: AbortSignal): Promise<Scores>;
}
