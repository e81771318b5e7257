import { join } from 'node:path';
import type { Embedder } from '../engine/embedder.ts';
import { DramatisError } from '../errors.ts';
import { sha256 } from '../store/sha256.ts';
import { readOldIndex } from './old-index.ts';
import { textHash } from './text-hash.ts';
import { readVectors, type TextVectors, writeVectors } from './vectors-file.ts';

/** What memory needs of an `Embedder`. */
export type TextEmbedder = Pick<Embedder, 'embed' | 'width'>;

/** What making an index reports: `rebuild` if the one kept cannot be used, then `embed` as it goes on. */
export type MemoryEvent =
  | { readonly kind: 'rebuild'; readonly reason: string }
  /** What was made could not be written down, and is made again the next time. */
  | { readonly kind: 'unkept'; readonly reason: string }
  | { readonly kind: 'embed'; readonly done: number; readonly total: number };

export interface RowVectorsOptions {
  /** sha256 of the play's text. */
  readonly playHash: string;
  readonly embedder: () => Promise<TextEmbedder>;
  /** sha256 of the embedding model's file. */
  readonly embedderHash: string;
  /** Where vectors are kept once they are made. */
  readonly folder: string;
  /** A `.vectors` file that is shipped for the play; what it lacks is embedded. */
  readonly shipped?: string | undefined;
}

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: MemoryEvent) => void) | undefined;
}

/** Texts embedded between two reports of progress. */
const embedBatch = 32;

/**
 * Vectors of a play's texts: shipped, kept from an earlier time, or made and then kept. Each is found by the hash of its
 * text, so that only what has changed is embedded again.
 */
export class RowVectors {
  readonly #options: RowVectorsOptions;
  readonly #path: string;
  #shipped: ReadonlyMap<string, Float32Array> | undefined;
  #kept: Map<string, Float32Array> | undefined;

  constructor(options: RowVectorsOptions) {
    this.#options = options;
    this.#path = join(options.folder, `${this.name}.vectors`);
  }

  /** The name of the play's files in the folder: two plays or embedding models do not displace each other. */
  get name(): string {
    const { playHash, embedderHash } = this.#options;
    return sha256(`${playHash} ${embedderHash}`).slice(0, 16);
  }

  /**
   * One row a text, row-major.
   *
   * @param all All texts of the play, whose vectors stay kept: those of texts that are there no more are dropped.
   * @throws {DramatisError} What the embedding model throws; `signal.reason`.
   */
  async of(
    texts: readonly string[],
    all: () => readonly string[],
    options: EmbedOptions,
  ): Promise<{ readonly rows: Float32Array; readonly dim: number }> {
    const { kept, shipped } = await this.#read(texts, options);
    const hashes = texts.map(textHash);
    const missing = hashes.flatMap((hash, i) => (kept.has(hash) || shipped.has(hash) ? [] : [i]));
    if (missing.length > 0) {
      const made = await this.#embed(
        missing.map((i) => texts[i]!),
        options,
      );
      missing.forEach((i, n) => {
        kept.set(hashes[i]!, made[n]!);
      });
      await this.#keep(new Set(all().map(textHash)), options);
    }
    const found = hashes.map((hash) => (shipped.get(hash) ?? kept.get(hash))!);
    const dim = found[0]?.length ?? 1;
    const rows = new Float32Array(found.length * dim);
    found.forEach((row, i) => {
      rows.set(row, i * dim);
    });
    return { rows, dim };
  }

  async #read(texts: readonly string[], { onProgress }: EmbedOptions) {
    const { shipped, embedderHash, folder } = this.#options;
    if (!this.#shipped) {
      const found = shipped === undefined ? undefined : await readVectors(shipped, embedderHash);
      this.#shipped = found && 'rows' in found ? found.rows : new Map();
    }
    if (!this.#kept) {
      const found = await readVectors(this.#path, embedderHash);
      if (found && 'reason' in found) onProgress?.({ kind: 'rebuild', reason: found.reason });
      this.#kept = new Map(found && 'rows' in found ? found.rows : []);
    }
    if (this.#kept.size === 0) this.#kept = await readOldIndex(folder, this.name, texts);
    return { shipped: this.#shipped, kept: this.#kept };
  }

  async #embed(
    texts: readonly string[],
    { signal, onProgress }: EmbedOptions,
  ): Promise<Float32Array[]> {
    const embedder = await this.#options.embedder();
    const made: Float32Array[] = [];
    for (let at = 0; at < texts.length; at += embedBatch) {
      signal?.throwIfAborted();
      onProgress?.({ kind: 'embed', done: at, total: texts.length });
      made.push(...(await embedder.embed(texts.slice(at, at + embedBatch), signal)));
    }
    onProgress?.({ kind: 'embed', done: texts.length, total: texts.length });
    return made;
  }

  async #keep(wanted: ReadonlySet<string>, { onProgress }: EmbedOptions): Promise<void> {
    const rows = new Map([...this.#kept!].filter(([hash]) => wanted.has(hash)));
    this.#kept = rows;
    const dim = rows.values().next().value?.length ?? 1;
    const { embedderHash: embedder } = this.#options;
    const vectors: TextVectors = { embedder, dim, rows };
    try {
      await writeVectors(this.#path, vectors, 'float32');
    } catch (error) {
      // They can be made again, and are at hand now.
      if (!(error instanceof DramatisError && error.code === 'STORE_UNWRITABLE')) throw error;
      onProgress?.({ kind: 'unkept', reason: error.message });
    }
  }
}
