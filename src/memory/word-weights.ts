/** How much each word tells a document from the others: those that few have weigh most. */
export class WordWeights {
  readonly #counts = new Map<string, number>();
  readonly #documents: number;

  constructor(documents: readonly ReadonlySet<string>[]) {
    this.#documents = documents.length;
    for (const terms of documents)
      for (const term of terms) this.#counts.set(term, (this.#counts.get(term) ?? 0) + 1);
  }

  /** Inverse document frequency, as BM25 has it. */
  of(term: string): number {
    const count = this.#counts.get(term) ?? 0;
    return Math.log(1 + (this.#documents - count + 0.5) / (count + 0.5));
  }

  /** Share of a query's weight whose words a document has: 1 if it has all of them, 0 for a query without words. */
  covered(query: ReadonlySet<string>, document: ReadonlySet<string>): number {
    let all = 0;
    let shared = 0;
    for (const term of query) {
      const weight = this.of(term);
      all += weight;
      if (document.has(term)) shared += weight;
    }
    return all === 0 ? 0 : shared / all;
  }
}
