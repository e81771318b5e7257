import type { Model } from '../../engine/model.ts';

/** A line break as one token, for those vocabularies that have it so. */
export function breakTokens(model: Pick<Model, 'tokenize'>, text: '\n' | '\n\n'): number[] {
  const tokens = model.tokenize(text);
  return tokens.length === 1 ? [tokens[0]!] : [];
}

/** The same log-weight for each of some tokens. */
export function each(tokens: readonly number[], weight: number): ReadonlyMap<number, number> {
  return new Map(tokens.map((token) => [token, weight]));
}
