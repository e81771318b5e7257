import type { Knowing, Recalled, Recollection } from '../memory/recalled.ts';

/** One thing asked, made from a play alone: the same edition gives the same items on every machine. Plain data. */
export interface Item {
  /** Hash of edition, task, task version and place; see `itemId`. */
  readonly id: string;
  readonly task: string;
  /** "3.1": the unit that splits are made of and intervals are clustered by. */
  readonly scene: string;
  /** Place of the words asked about, such as "3.1.56". */
  readonly place: string;
}

export interface ScoreAnswer {
  readonly kind: 'score';
  /** Log-probability of each continuation in nats, summed over its tokens. */
  readonly nats: readonly number[];
  /** Tokens of each continuation. */
  readonly tokens: readonly number[];
}

export interface TextAnswer {
  readonly kind: 'text';
  readonly text: string;
  readonly tokens: number;
  /** Why it ended: 'end', 'length', 'sentence', 'stop' or 'window'. */
  readonly stop: string;
  /** What stood before it as recalled, where that was asked for. */
  readonly recalled?: Recollection | undefined;
}

/** What a question brought to mind. */
export interface RecallAnswer extends Recollection {
  readonly kind: 'recall';
}

export type Answer = ScoreAnswer | TextAnswer | RecallAnswer;

/** Figures of one item by name; a name that is missing does not apply to it. Booleans count as 0 and 1. */
export type Values = Readonly<Record<string, number>>;

/** Why an answer is worth what it is. */
export interface Why {
  readonly question: string;
  /** In a word or three. */
  readonly verdict: string;
  /** Whether the answer is as it should be. */
  readonly isRight: boolean;
  readonly said: string;
  /** What is wrong with the form of what is said: "repeats the question". */
  readonly faults?: readonly string[] | undefined;
  /** What would have been right, where there is such a thing. */
  readonly right?: string | undefined;
  /** What stood before the answer as recalled. */
  readonly recalled: readonly Pick<Recalled, 'kind' | 'place' | 'end' | 'text'>[];
  /** Whether the question was taken for one that can be answered; undefined where nothing tells. */
  readonly knowing?: Knowing | undefined;
}

/** One item with what came of it. */
export interface Row<I extends Item = Item> {
  readonly item: I;
  readonly answers: readonly Answer[];
  readonly values: Values;
  readonly why?: Why | undefined;
}
