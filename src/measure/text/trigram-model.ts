/** Shares of the trigram, bigram, unigram and uniform estimates, fixed so that nothing is fitted to what is judged. */
const weights = { trigram: 0.5, bigram: 0.3, unigram: 0.15, uniform: 0.05 } as const;
/** How many words the uniform estimate spreads over: more than a play has, fewer than a dictionary holds. */
const vocabulary = 10_000;

/** Word numbers stay below it, so that two of them fit into one exact number: 2²⁶ words. */
const base = 2 ** 26;

/**
 * How surprising words are after those before them: a trigram model interpolated with fixed weights.
 *
 * It tells three things apart that word counts alone do not: what is written in the manner of its texts, the same words in
 * no order, and its texts recited.
 *
 * @see Jelinek and Mercer, "Interpolated estimation of Markov source parameters from sparse data", 1980.
 */
export class TrigramModel {
  readonly #numbers = new Map<string, number>();
  readonly #unigrams: number[] = [];
  /** Two words' numbers → how often they stand together, and a number of their own. */
  readonly #bigrams = new Map<number, { count: number; readonly number: number }>();
  readonly #trigrams = new Map<number, number>();
  /** How often a word, or two, were followed by anything. */
  readonly #afterWord: number[] = [];
  readonly #afterTwo: number[] = [];
  #total = 0;

  /** @param texts Words of a speech each; nothing is learnt across two of them. */
  constructor(texts: Iterable<readonly string[]>) {
    for (const words of texts) this.#learn(words);
  }

  #learn(words: readonly string[]): void {
    let before = -1;
    let pair = -1;
    for (const word of words) {
      const here = this.#numberOf(word);
      this.#unigrams[here]!++;
      this.#total++;
      if (pair >= 0) {
        const key = pair * base + here;
        this.#trigrams.set(key, (this.#trigrams.get(key) ?? 0) + 1);
        this.#afterTwo[pair]!++;
      }
      if (before >= 0) {
        const key = before * base + here;
        let found = this.#bigrams.get(key);
        if (!found) {
          found = { count: 0, number: this.#afterTwo.push(0) - 1 };
          this.#bigrams.set(key, found);
        }
        found.count++;
        pair = found.number;
        this.#afterWord[before]!++;
      }
      before = here;
    }
  }

  #numberOf(word: string): number {
    let found = this.#numbers.get(word);
    if (found === undefined) {
      found = this.#unigrams.push(0) - 1;
      this.#afterWord.push(0);
      this.#numbers.set(word, found);
    }
    return found;
  }

  /** Surprisal of each word after those before it, in bits. */
  bits(words: readonly string[]): number[] {
    const ids = words.map((word) => this.#numbers.get(word) ?? -1);
    return ids.map(
      (id, at) => -Math.log2(this.#probability(ids[at - 2] ?? -1, ids[at - 1] ?? -1, id)),
    );
  }

  /** NaN for no words. */
  bitsPerWord(words: readonly string[]): number {
    return this.bits(words).reduce((sum, bits) => sum + bits, 0) / words.length;
  }

  #probability(first: number, second: number, here: number): number {
    let p = weights.uniform / vocabulary;
    if (here < 0) return p;
    p += (weights.unigram * this.#unigrams[here]!) / this.#total;
    if (second < 0) return p;
    const bigram = this.#bigrams.get(second * base + here);
    if (!bigram) return p;
    p += (weights.bigram * bigram.count) / this.#afterWord[second]!;
    const pair = first < 0 ? undefined : this.#bigrams.get(first * base + second);
    const count = pair && this.#trigrams.get(pair.number * base + here);
    if (pair && count) p += (weights.trigram * count) / this.#afterTwo[pair.number]!;
    return p;
  }
}
