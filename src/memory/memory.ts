import type { Embedder } from '../engine/embedder.ts';
import { formatPlace } from '../play/place.ts';
import type { Place, Play } from '../play/play.ts';
import { sha256 } from '../store/sha256.ts';
import { fuse } from './fuse.ts';
import { IndexFiles, type ReadIndex } from './index-files.ts';
import { defaultRecalled } from './limits.ts';
import { isWitnessed, type Passage } from './passage.ts';
import { passagesOf } from './passages.ts';
import type { Recalled } from './recalled.ts';
import type { VectorIndex } from './vector-index.ts';
import { WordIndex } from './word-index.ts';

/** What memory needs of an `Embedder`. */
export type TextEmbedder = Pick<Embedder, 'embed' | 'width'>;

export interface MemoryOptions {
  readonly play: Play;
  /** sha256 of the play's text. */
  readonly playHash: string;
  /** Opens the embedding model; called once, when a query or a missing index needs it. Its opener disposes of it. */
  readonly embedder: () => Promise<TextEmbedder>;
  /** sha256 of the embedding model's file. */
  readonly embedderHash: string;
  /** Where the index is kept, such as `folders().indices`. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: MemoryEvent) => void) | undefined;
}

/** What making an index reports: `rebuild` if the one kept cannot be used, then `embed` as it goes on. */
export type MemoryEvent =
  | { readonly kind: 'rebuild'; readonly reason: string }
  | { readonly kind: 'embed'; readonly done: number; readonly total: number };

export interface RecallOptions {
  /** Name in the cast. Only what this person was on stage for is found. */
  readonly character: string;
  /** Only what was said before; a scene without a line means its start. Default: the whole play. */
  readonly before?: Place | undefined;
  /** How many passages at most. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How many passages each of the two searches puts forward. */
const depth = 60;

/** Passages embedded between two reports of progress. */
const embedBatch = 32;

/**
 * What was said in one play, as each of its characters witnessed it.
 *
 * A query is answered from the passages that the character heard before the place, and from no
 * others: they are left out before anything is ranked. Two searches, by words and by meaning, are
 * fused by reciprocal rank.
 */
export class Memory {
  readonly #passages: readonly Passage[];
  readonly #vectors: VectorIndex;
  readonly #words: WordIndex;
  readonly #embedder: () => Promise<TextEmbedder>;

  private constructor(
    passages: readonly Passage[],
    vectors: VectorIndex,
    embedder: () => Promise<TextEmbedder>,
  ) {
    this.#passages = passages;
    this.#vectors = vectors;
    this.#words = new WordIndex(passages);
    this.#embedder = embedder;
  }

  /**
   * Takes up the index kept in the folder, or makes it, which takes seconds, and keeps it.
   *
   * @throws {DramatisError} STORE_UNWRITABLE, and what opening the embedding model throws; `signal.reason`.
   */
  static async open(options: MemoryOptions): Promise<Memory> {
    const passages = passagesOf(options.play);
    const texts = passages.map(embeddedText);
    const files = new IndexFiles(options.folder, {
      play: options.playHash,
      passages: sha256(JSON.stringify(texts)),
      embedder: options.embedderHash,
      count: texts.length,
    });
    let opened: Promise<TextEmbedder> | undefined;
    const embedder = (): Promise<TextEmbedder> => {
      opened ??= options.embedder();
      return opened;
    };
    const found: ReadIndex = await files.read();
    if ('index' in found) return new Memory(passages, found.index, embedder);
    if (found.reason) options.onProgress?.({ kind: 'rebuild', reason: found.reason });
    const { rows, dim } = await embedAll(texts, await embedder(), options);
    return new Memory(passages, await files.write(rows, dim), embedder);
  }

  /** All passages, in the play's order. */
  get passages(): readonly Passage[] {
    return this.#passages;
  }

  /** The passages that fit the query best among those the character witnessed, best first. */
  async recall(query: string, options: RecallOptions): Promise<Recalled[]> {
    const { character, before, limit = defaultRecalled, signal } = options;
    const witnessed = this.#passages.map((passage) => isWitnessed(passage, character, before));
    if (!witnessed.includes(true) || query.trim() === '') return [];
    const allowed = (passage: number): boolean => witnessed[passage]!;
    const [vector] = await (await this.#embedder()).embed([query], signal);
    const byMeaning = this.#vectors.search(vector!, depth, allowed).map(({ row }) => row);
    const byWords = this.#words.search(query, depth, allowed);
    return fuse([byMeaning, byWords])
      .slice(0, limit)
      .map(({ item, score }) => {
        const { place, end, speaker, text } = this.#passages[item]!;
        const rounded = Number(score.toFixed(4));
        return { kind: 'speech', place, end: formatPlace(end), speaker, text, score: rounded };
      });
  }
}

/** What stands for a passage in the vector space: with the speaker, whom queries often name. */
function embeddedText({ speaker, text }: Passage): string {
  return `${speaker}: ${text.replaceAll('\n', ' ')}`;
}

/** @returns One row a text, row-major. */
async function embedAll(
  texts: readonly string[],
  embedder: TextEmbedder,
  { signal, onProgress }: MemoryOptions,
): Promise<{ rows: Float32Array; dim: number }> {
  const dim = embedder.width;
  const rows = new Float32Array(texts.length * dim);
  for (let at = 0; at < texts.length; at += embedBatch) {
    signal?.throwIfAborted();
    onProgress?.({ kind: 'embed', done: at, total: texts.length });
    const batch = await embedder.embed(texts.slice(at, at + embedBatch), signal);
    batch.forEach((row, i) => {
      rows.set(row, (at + i) * dim);
    });
  }
  onProgress?.({ kind: 'embed', done: texts.length, total: texts.length });
  return { rows, dim };
}
