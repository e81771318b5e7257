/** Names of the pushes, each of which can be turned on by itself. */
export const pushNames = ['lexicon', 'ban', 'verse', 'brackets', 'length', 'tags'] as const;
export type PushName = (typeof pushNames)[number];

/**
 * One way of pushing the words of a reply. It knows nothing of what others push: their log-weights add up, so the
 * weight of a text is the product of what each makes of it.
 */
export interface Push {
  /**
   * Token → log-weight, of the token after `text`; a token that is missing has 0. −Infinity forbids it.
   *
   * @param text The reply so far, from its first character.
   * @returns    Not to be changed: the same map may be given for many texts.
   */
  after(text: string): ReadonlyMap<number, number>;
  /** Texts that end the reply and are not part of it. */
  readonly stop?: readonly string[];
  /** Longest reply in tokens. */
  readonly maxTokens?: number;
  /** In a line for a reader: what it does to this character. */
  readonly about: string;
}

export const noPush: ReadonlyMap<number, number> = new Map();

/** Their log-weights, added up. */
export function sumOf(maps: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const some = maps.filter(({ size }) => size > 0);
  if (some.length < 2) return some[0] ?? noPush;
  const sum = new Map(some[0]);
  for (const map of some.slice(1))
    for (const [token, weight] of map) sum.set(token, (sum.get(token) ?? 0) + weight);
  return sum;
}

/** Each log-weight times λ. What is forbidden stays so, whatever λ is: 0 · −∞ is no number. */
export function scaled(
  weights: ReadonlyMap<number, number>,
  strength: number,
): ReadonlyMap<number, number> {
  if (strength === 1) return weights;
  const found = new Map<number, number>();
  for (const [token, weight] of weights) {
    const pushed = weight === Number.NEGATIVE_INFINITY ? weight : weight * strength;
    if (pushed !== 0) found.set(token, pushed);
  }
  return found;
}
