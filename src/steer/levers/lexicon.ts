import { readFileSync } from 'node:fs';

/** Words or phrases that share a log-weight. */
export interface LexiconGroup {
  /** In nats: above 0 towards these words, below 0 away from them. */
  readonly weight: number;
  readonly words: readonly string[];
}

/** Words of early modern English that ours has lost: the lists in data/lexicon.json. */
export function earlyModernWords(): readonly LexiconGroup[] {
  const path = new URL('../../../data/lexicon.json', import.meta.url);
  const { towards } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly towards: readonly LexiconGroup[];
  };
  return towards;
}
