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
  /** Why it ended: 'end', 'length', 'stop' or 'window'. */
  readonly stop: string;
}

export type Answer = ScoreAnswer | TextAnswer;

/** Figures of one item by name; a name that is missing does not apply to it. Booleans count as 0 and 1. */
export type Values = Readonly<Record<string, number>>;

/** One item with what came of it. */
export interface Row<I extends Item = Item> {
  readonly item: I;
  readonly answers: readonly Answer[];
  readonly values: Values;
}
