import { readFileSync } from 'node:fs';

/** Words or phrases that share a push. */
export interface LexiconGroup {
  /** Added to a token's logit: above 0 towards, below 0 away. */
  readonly weight: number;
  readonly words: readonly string[];
}

export interface Lexicon {
  readonly towards: readonly LexiconGroup[];
  readonly away: readonly LexiconGroup[];
}

/** The lists in data/lexicon.json. */
export function readLexicon(): Lexicon {
  const path = new URL('../../../data/lexicon.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Lexicon;
}
