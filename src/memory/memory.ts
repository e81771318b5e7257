import type { Embedder } from '../engine/embedder.ts';
import type { Place, Play } from '../play/play.ts';
import type { Recalled } from './passage.ts';

export interface MemoryOptions {
  readonly play: Play;
  /** sha256 of the play's text. */
  readonly playHash: string;
  /** Opens the embedding model; called at most once, when a query or a missing index needs it. */
  readonly embedder: () => Promise<Embedder>;
  /** sha256 of the embedding model's file. */
  readonly embedderHash: string;
  /** Where the index lies, such as `folders().indices`. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: MemoryEvent) => void) | undefined;
}

/** What making an index reports: `rebuild` if one was there that could not be used, then `embed` as it goes on. */
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

/** How many passages are recalled unless asked otherwise. */
export const defaultRecalled = 4;

/** What was said in one play, as each of its characters witnessed it. */
export class Memory {
  private constructor() {}

  static open(_options: MemoryOptions): Promise<Memory> {
    return Promise.resolve(new Memory());
  }

  recall(_query: string, _options: RecallOptions): Promise<Recalled[]> {
    return Promise.resolve([]);
  }
}
