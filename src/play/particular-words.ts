/** A word that somebody uses more than the rest of the play would make one expect. */
export interface ParticularWord {
  readonly word: string;
  /** How often they say it. */
  readonly count: number;
  /** How often everybody else does. */
  readonly elsewhere: number;
  /** Log-odds ratio over its standard error: above 1.96 it is beyond chance at 5 %. */
  readonly z: number;
}

/** What the prior weighs, in words: the play's own frequencies, scaled to so many. */
const priorWords = 500;
/** A word said but once says nothing about who says it. */
const leastCount = 3;
const mostWords = 12;

/** How much more often a speaker says a word than the others do. */
export interface WordOdds {
  readonly word: string;
  readonly count: number;
  readonly elsewhere: number;
  /** Log-odds ratio in nats, drawn towards 0 by the prior where the counts are small. */
  readonly logOdds: number;
  /** The log-odds over its standard error. */
  readonly z: number;
}

/**
 * Log-odds ratio with an informative Dirichlet prior of every word a speaker says often enough, which keeps rare words
 * from winning by luck and common ones by weight.
 *
 * @param own The speaker's words.
 * @param all The words of everybody, the speaker's among them.
 * @see Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16 (2008), equations 16 and 22.
 */
export function wordOdds(own: readonly string[], all: readonly string[]): WordOdds[] {
  const here = count(own);
  const everywhere = count(all);
  const nOwn = own.length;
  const nRest = all.length - own.length;
  const found: WordOdds[] = [];
  for (const [word, a] of here) {
    if (a < leastCount) continue;
    const total = everywhere.get(word) ?? a;
    const b = total - a;
    const prior = (priorWords * total) / all.length;
    const odds = Math.log((a + prior) / (nOwn + priorWords - a - prior));
    const oddsElsewhere = Math.log((b + prior) / (nRest + priorWords - b - prior));
    const logOdds = odds - oddsElsewhere;
    const z = logOdds / Math.sqrt(1 / (a + prior) + 1 / (b + prior));
    found.push({ word, count: a, elsewhere: b, logOdds, z });
  }
  return found;
}

/**
 * The words most particular to a speaker, by `wordOdds`.
 *
 * @returns At most 12 words, the most particular first.
 */
export function particularWords(own: readonly string[], all: readonly string[]): ParticularWord[] {
  return wordOdds(own, all)
    .filter(({ z }) => z > 0)
    .sort((x, y) => y.z - x.z || (x.word < y.word ? -1 : 1))
    .slice(0, mostWords)
    .map(({ word, count: times, elsewhere, z }) => ({ word, count: times, elsewhere, z }));
}

function count(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
