import { lexiconLine } from '../grammar/grammar-text.ts';

/** A word that the speaker should not say, and how particular it is to what they have not learnt, in nats. */
export interface UnknownEntry {
  readonly word: string;
  readonly rarity: number;
}

/** How many times its rarity a word is pushed down by. */
const perRarity = 1;

/** A weighted grammar that pushes down words of what the speaker has not learnt; '' where there are none. */
export function unknownGrammar(entries: readonly UnknownEntry[]): string {
  if (entries.length === 0) return '';
  const weighed = entries.map(({ word, rarity }) => ({ text: word, weight: -perRarity * rarity }));
  return `${lexiconLine('unknown', 0, weighed)}\n`;
}
