import type { Place } from '../play/play.ts';
import type { KindIndex } from './kind-index.ts';
import type { Recalled } from './recalled.ts';
import type { EmbedOptions } from './row-vectors.ts';

/** Who remembers, and at which point of the story: without one, all of the play is over. */
export interface Remembering {
  /** Cast name. */
  readonly character: string;
  readonly before?: Place | undefined;
}

/** An item found. */
export interface Match {
  readonly item: number;
  /** 0 to 1: to be compared within one kind only. */
  readonly score: number;
}

/** What fits a question, best first. */
export interface Found {
  /** What somebody remembers of it. */
  readonly known: readonly Match[];
  /** What they do not remember, and others may. */
  readonly unknown: readonly Match[];
}

/** One kind of memory of a play. */
export interface MemoryPart {
  readonly index: KindIndex;
  /** The numbers of all items that somebody remembers, in the play's order. */
  remembered(who: Remembering): number[];
  /** What somebody remembers that fits a query, best first. */
  search(query: Wordings, who: Remembering, options: EmbedOptions): Promise<readonly Match[]>;
  /** An item as somebody recalls it who may. */
  recalled(item: number, who: Remembering): Omit<Recalled, 'score'>;
}

/** A text and its vector. */
export interface Phrasing {
  readonly text: string;
  readonly vector: Float32Array;
}

/** A query as it was put, and as a narrator would word it. */
export interface Wordings {
  readonly asked: Phrasing;
  readonly told: Phrasing;
}
