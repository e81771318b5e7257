import type { Sampling } from '../engine/sampling.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';

/**
 * What bends a reply while it is drawn: weighted grammars, biases of tokens, numbers to draw with, a control vector. Who
 * draws knows this interface and no lever.
 */
export interface Steering {
  /** Token → what is added to its logit for the first token of a reply; −Infinity bans it. */
  readonly bias: ReadonlyMap<number, number>;
  /** Texts that end the reply and are not part of it. */
  readonly stop: readonly string[];
  /** Longest reply in tokens. */
  readonly maxTokens: number;

  /**
   * Called after each token.
   *
   * @param textSoFar   The reply so far, with what a stop scanner may still hold back.
   * @param tokensSoFar Tokens of it.
   * @returns           The bias for the next token; undefined if it stays as it is.
   */
  after(textSoFar: string, tokensSoFar: number): ReadonlyMap<number, number> | undefined;

  /** Weighted grammars that a reply matches, all of them, in the language of grammar.md. Read when a reply begins. */
  readonly grammars?: readonly string[] | undefined;
  /** Names of the levers that the grammars are of, in their order. */
  readonly grammarLevers?: readonly string[] | undefined;
  /** Called when a reply begins, with the grammars that it is asked to match: levers that cannot stand beside them step aside. */
  standBeside?(asked: readonly string[]): void;
  /** λ: what the grammars' log-weights are multiplied by; 1 unless given. */
  readonly strength?: number | undefined;
  /**
   * Called after each token with the milliseconds that each of the grammars took for it, the control vector, and the
   * grammars of the reply alone.
   */
  charge?(grammars: readonly number[], control: number, ofReply: number): void;

  /** A line for each lever that is on: its name, and what it does to this character. */
  explain(): readonly string[];

  /** How words are drawn where nobody says otherwise. */
  readonly sampling?: Partial<Sampling> | undefined;
  /** α of base + α · (character − base): 1 or none leaves the character alone, more makes them more so. */
  readonly contrast?: number | undefined;
  /** Whether the words of a remembered fact are pushed, as strongly as the prompt's template says for the model. */
  readonly pushesFacts?: boolean | undefined;
  /** Whether a reply may say nothing of its prompt and nothing that was said before: the grammar for it is each reply's own. */
  readonly forbidsEchoes?: boolean | undefined;
  /** Whether words of what the speaker has not learnt are pushed down, where facts tell what that is. */
  readonly hidesUnknown?: boolean | undefined;
  /** A control vector, and how strongly it acts on the reply. */
  readonly control?: ActiveAdapter | undefined;
  /** Drafts to choose from, and how often to begin anew; none: the first draft is spoken as it is drawn. */
  readonly reflection?: ReflectionPlan | undefined;
  /** Names of the levers that are on, where there are several. */
  readonly on?: readonly string[] | undefined;
  /** What each lever that is on has cost so far. */
  costs?(): readonly LeverCost[];
}

export interface ReflectionPlan {
  /** At least 1. */
  readonly drafts: number;
  /** Further rounds, with what was wrong put into the prompt. */
  readonly retries: number;
}

/** What reflection does where nobody says otherwise. */
export const defaultReflection: ReflectionPlan = { drafts: 3, retries: 1 };

/** Tokens of a reply, at most, where no lever sets a limit. */
export const longestReply = 256;

export interface LeverCost {
  readonly lever: string;
  /** Milliseconds in all, and how many tokens or replies they were spent on. */
  readonly ms: number;
  readonly count: number;
  readonly per: 'token' | 'reply';
}

/** Leaves the model alone. */
export function noSteering(maxTokens = longestReply): Steering {
  return {
    bias: new Map(),
    stop: [],
    maxTokens,
    after: () => undefined,
    explain: () => [],
  };
}
