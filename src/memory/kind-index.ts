import type { EmbedOptions } from './row-vectors.ts';
import type { VectorIndex } from './vector-index.ts';
import { type WordDocument, WordIndex, type WordMatch } from './word-index.ts';

/** What one row of an index stands for. */
export interface IndexRow extends WordDocument {
  /** Number of the item: an item told in several ways has several rows. */
  readonly item: number;
  /** What is embedded. */
  readonly embedded: string;
}

/** The index of one kind of memory: rows found by their words, and by meaning once that is asked for. */
export class KindIndex {
  readonly rows: readonly IndexRow[];
  readonly #makeVectors: (options: EmbedOptions) => Promise<VectorIndex>;
  #words: WordIndex | undefined;
  #vectors: Promise<VectorIndex> | undefined;

  /** @param makeVectors Called once, when meaning is first asked for, and again if it failed. */
  constructor(
    rows: readonly IndexRow[],
    makeVectors: (options: EmbedOptions) => Promise<VectorIndex>,
  ) {
    this.rows = rows;
    this.#makeVectors = makeVectors;
  }

  byWords(query: string, limit: number, allowed: (row: number) => boolean): WordMatch[] {
    this.#words ??= new WordIndex(this.rows);
    return this.#words.search(query, limit, allowed);
  }

  vectors(options: EmbedOptions = {}): Promise<VectorIndex> {
    this.#vectors ??= this.#makeVectors(options).catch((error: unknown) => {
      this.#vectors = undefined;
      throw error;
    });
    return this.#vectors;
  }
}
