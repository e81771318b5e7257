import { join } from 'node:path';
import type { Play } from '../play/play.ts';
import { type Calls, digestRows } from './digest-rows.ts';
import type { Digest } from './digests/digest.ts';
import { indexOf } from './graph-file.ts';
import { type IndexRow, KindIndex } from './kind-index.ts';
import { defaultRecalled } from './limits.ts';
import { DigestPart, type MemoryPart, passagePart, type Remembering } from './memory-part.ts';
import type { Passage } from './passage.ts';
import { passagesOf } from './passages.ts';
import { type MemoryKind, memoryKinds, type Recalled } from './recalled.ts';
import {
  type EmbedOptions,
  RowVectors,
  type RowVectorsOptions,
  type TextEmbedder,
} from './row-vectors.ts';
import { type Phrasing, searchIndex } from './search-index.ts';
import { type Window, windowsOf } from './windows.ts';

export interface MemoryOptions extends RowVectorsOptions, EmbedOptions {
  readonly play: Play;
  /** Facts of the play, with those who know them. Default: none. */
  readonly digests?: readonly Digest[] | undefined;
  /** How its characters call each other. Default: by name. */
  readonly calls?: Calls | undefined;
}

export interface RecallOptions extends Remembering {
  /** Default: all kinds there are; only speeches in a play without digests. */
  readonly kinds?: readonly MemoryKind[] | undefined;
  /** How many items at most. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How much a kind counts against the others where all are searched together. A fact that fits says more than the words in
 * which it was said.
 */
const kindWorth: Readonly<Record<MemoryKind, number>> = { digest: 1, window: 0.9, speech: 0.8 };

/**
 * What was said and done in one play, as each of its characters witnessed it or was told of it.
 *
 * A query is answered from what the character knew before the place, and from nothing else: the rest is left out before
 * anything is ranked. Two searches, by words and by meaning, are fused by reciprocal rank.
 */
export class Memory {
  readonly passages: readonly Passage[];
  /** The facts; undefined in a play without. */
  readonly digests: DigestPart | undefined;
  readonly #options: MemoryOptions;
  readonly #vectors: RowVectors;
  readonly #parts = new Map<MemoryKind, MemoryPart>();
  #embedder: Promise<TextEmbedder> | undefined;

  private constructor(options: MemoryOptions) {
    const { play, digests = [], calls = () => undefined } = options;
    this.#options = options;
    this.#vectors = new RowVectors({ ...options, embedder: () => this.#openEmbedder() });
    this.passages = passagesOf(play);
    if (digests.length === 0) return;
    const rows = digestRows(digests, calls);
    this.digests = new DigestPart(digests, rows, this.#index('digest', rows.rows));
    this.#parts.set('digest', this.digests);
  }

  /**
   * Takes up what is kept in the folder, or makes it, which takes seconds, and keeps it: the vectors of the facts, or of
   * the speeches in a play without facts. What else is searched is made when it is first asked for.
   *
   * @throws {DramatisError} STORE_UNWRITABLE, and what opening the embedding model throws; `signal.reason`.
   */
  static async open(options: MemoryOptions): Promise<Memory> {
    const memory = new Memory(options);
    await memory.part(memory.digests ? 'digest' : 'speech').index.vectors(options);
    return memory;
  }

  /** Kinds that are searched unless asked otherwise. */
  get kinds(): readonly MemoryKind[] {
    return this.digests ? memoryKinds : ['speech'];
  }

  /**
   * What fits the query best among what the character knows, best first. The first query of speeches or exchanges makes
   * their vectors, which takes seconds, unless they are kept.
   */
  async recall(query: string, options: RecallOptions): Promise<Recalled[]> {
    const { character, before, limit = defaultRecalled, kinds = this.kinds, signal } = options;
    const who = { character, before };
    const parts = kinds
      .map((kind) => ({ part: this.part(kind), worth: kinds.length > 1 ? kindWorth[kind] : 1 }))
      .map((one) => ({ ...one, allowed: one.part.allowed(who) }))
      .filter(({ part, allowed }) => part.index.rows.some((_, row) => allowed(row)));
    if (parts.length === 0 || query.trim() === '') return [];
    const phrasings = await this.phrase([query], signal);
    const { onProgress } = this.#options;
    const found: Recalled[] = [];
    for (const { part, worth, allowed } of parts)
      for (const { item, score } of await searchIndex(part.index, phrasings, allowed, {
        signal,
        onProgress,
      }))
        found.push({ ...part.recalled(item, who), score: rounded(worth * score) });
    return found.sort((a, b) => b.score - a.score).slice(0, limit);
  }

  /** Wordings of one query with their vectors. */
  async phrase(texts: readonly string[], signal?: AbortSignal): Promise<Phrasing[]> {
    const embedder = await this.#openEmbedder();
    const vectors = await embedder.embed(texts, signal);
    return texts.map((text, i) => ({ text, vector: vectors[i]! }));
  }

  /** What is remembered of one kind. */
  part(kind: MemoryKind): MemoryPart {
    const made = this.#parts.get(kind) ?? this.#makePart(kind);
    this.#parts.set(kind, made);
    return made;
  }

  #makePart(kind: MemoryKind): MemoryPart {
    if (kind === 'digest')
      return new DigestPart(
        [],
        digestRows([], () => undefined),
        this.#index(kind, []),
      );
    const passages = kind === 'speech' ? this.passages : windowsOf(this.#options.play);
    return passagePart(kind, passages, this.#index(kind, passages.map(rowOf)));
  }

  #index(kind: MemoryKind, rows: readonly IndexRow[]): KindIndex {
    return new KindIndex(rows, async (options) => {
      const texts = rows.map(({ embedded }) => embedded);
      const vectors = await this.#vectors.of(texts, () => this.#allTexts(), options);
      const path = join(this.#options.folder, `${this.#vectors.name}-${kind}.hnsw`);
      return indexOf(vectors.rows, vectors.dim, path);
    });
  }

  /** What the play's file of vectors may hold. */
  #allTexts(): string[] {
    const kinds = this.digests ? memoryKinds : (['speech', 'window'] as const);
    return kinds.flatMap((kind) => this.part(kind).index.rows.map(({ embedded }) => embedded));
  }

  #openEmbedder(): Promise<TextEmbedder> {
    this.#embedder ??= this.#options.embedder();
    return this.#embedder;
  }
}

/** What stands for a passage in the vector space: with the speaker, whom queries often name. */
function rowOf({ speaker, text }: Window & { readonly speaker?: string }, item: number): IndexRow {
  const line = text.replaceAll('\n', ' ');
  return {
    item,
    text,
    speaker,
    embedded: speaker === undefined ? line : `${speaker}: ${line}`,
  };
}

const rounded = (score: number): number => Number(score.toFixed(4));
