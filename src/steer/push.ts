/** Names of the pushes, each of which can be turned on by itself. */
export const pushNames = ['lexicon', 'ban', 'verse', 'brackets', 'length', 'tags'] as const;
export type PushName = (typeof pushNames)[number];

/**
 * One way of pushing the words of a reply: a weighted grammar over the whole of it. It knows nothing of what others push:
 * a reply matches the grammars of all that are on, and its weight is the product of theirs. So that they never leave a
 * reply without a word, each forbids as little as it can and weighs the rest.
 */
export interface Push {
  /** In the language of grammar.md; '' where there is nothing to push. */
  readonly grammar: string;
  /** Where a grammar would be too slow: token → log-weight of the token after a text; not to be changed. */
  readonly after?: (text: string) => ReadonlyMap<number, number>;
  /** The grammar that `after` stands in for, to be read. */
  readonly written?: string;
  /** Texts that end the reply and are not part of it. */
  readonly stop?: readonly string[];
  /** Longest reply in tokens. */
  readonly maxTokens?: number;
  /** In a line for a reader: what it does to this character. */
  readonly about: string;
}

/** A factor e^nats as the grammar language writes it. */
export const weight = (nats: number): string => `/${Math.exp(nats).toFixed(8)}/`;

/** Their log-weights, added up. */
export function addBiases(
  maps: readonly ReadonlyMap<number, number>[],
): ReadonlyMap<number, number> {
  const some = maps.filter(({ size }) => size > 0);
  if (some.length < 2) return some[0] ?? new Map();
  const sum = new Map(some[0]);
  for (const map of some.slice(1))
    for (const [token, nats] of map) sum.set(token, (sum.get(token) ?? 0) + nats);
  return sum;
}
