import { grammarsApart } from './grammar/grammar-text.ts';
import type { LeverCost } from './steering.ts';

/** Names of the levers that push words, each of which can be turned on by itself. */
export const pushNames = ['lexicon', 'ban', 'verse', 'brackets', 'length', 'tags'] as const;
export type PushName = (typeof pushNames)[number];
export const isPush = (lever: string): lever is PushName =>
  pushNames.some((name) => name === lever);

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
  /** A line for a reader: what it does to this character. */
  readonly about: string;
}

/** A push with a count of the milliseconds that it has taken, and of the tokens it took them for. */
export class MeteredPush {
  readonly push: Push;
  #ms = 0;
  #tokens = 0;

  constructor(push: Push) {
    this.push = push;
  }

  /** The push's own `after`, metered; nothing where it has none. */
  after(text: string): ReadonlyMap<number, number>[] {
    if (!this.push.after) return [];
    const start = performance.now();
    const found = this.push.after(text);
    this.charge(performance.now() - start);
    return [found];
  }

  /** Counts a token that its grammar took so long for. */
  charge(ms: number): void {
    this.#ms += ms;
    this.#tokens++;
  }

  cost(lever: PushName): LeverCost {
    return { lever, ms: this.#ms, count: this.#tokens, per: 'token' };
  }
}

/** A factor e^nats as the grammar language writes it. */
export const grammarWeight = (nats: number): string => `/${Math.exp(nats).toFixed(8)}/`;

/** The pushes of a character as weighted grammars in one text, each with a line on what it does. */
export function pushesText(character: string, pushes: readonly Push[]): string {
  if (pushes.length === 0) return `# ${character}: nothing is pushed\n`;
  return pushes
    .map(({ about, written, grammar }) => `# ${character}: ${about}\n${written ?? grammar}`)
    .join(grammarsApart);
}

/** The sum of sparse biases, token by token. */
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

/** A sparse bias times λ. What is forbidden stays so, whatever λ is: 0 · −∞ is no number. */
export function scaleBias(
  bias: ReadonlyMap<number, number>,
  strength: number,
): ReadonlyMap<number, number> {
  if (strength === 1) return bias;
  const found = new Map<number, number>();
  for (const [token, nats] of bias) {
    const pushed = nats === Number.NEGATIVE_INFINITY ? nats : nats * strength;
    if (pushed !== 0) found.set(token, pushed);
  }
  return found;
}
