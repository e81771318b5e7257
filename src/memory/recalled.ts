/** What memory stores of a play: words of one speech, an exchange of several, or a fact in plain modern words. */
export const memoryKinds = ['digest', 'window', 'speech'] as const;
export type MemoryKind = (typeof memoryKinds)[number];

/** Something found in memory, in the shape `recall --json` prints. */
export interface Recalled {
  /** "card": what the character's card says, which is searched as the digests are. */
  readonly kind: MemoryKind | 'card';
  /** Place of its first line, "act.scene.line". */
  readonly place: string;
  /** Place of its last line. */
  readonly end: string;
  /** The label of a speech; a window, and a speech that is told, have theirs in the text, and a digest has none. */
  readonly speaker?: string | undefined;
  /** Words as printed, or a sentence that the character itself would say. */
  readonly text: string;
  /** How well it fits the query: more than 0, at most 1; to be compared within one answer only. */
  readonly score: number;
  /** Id of a digest. */
  readonly id?: string | undefined;
  /** Words of a line that shows a digest's fact, as printed. */
  readonly words?: string | undefined;
  /** Where the character heard of it, and from whom; undefined if it was there, and for words that it heard. */
  readonly told?: ToldAt | undefined;
}

/** How somebody who was not there came to know. */
export interface ToldAt {
  /** "act.scene.line". */
  readonly at: string;
  /** Cast name, or a name of the digests' persons; undefined where nobody in particular told it. */
  readonly by?: string | undefined;
}

/** A digest and how well it fits a question. */
export interface FactScore {
  readonly id: string;
  readonly score: number;
}

/** Whether a question can be answered from what the character knows, and the figures that decide it. */
export interface Knowing {
  /** False if the character has neither seen nor heard of what is asked about. */
  readonly isKnown: boolean;
  /** The fact that fits best among those the character knows here, and how well: see `Recalled.score`. */
  readonly known?: FactScore | undefined;
  /** The one that fits best among those it does not know here. */
  readonly unknown?: FactScore | undefined;
  /** Whether the question names somebody or something that is nowhere in the play. */
  readonly isStrange: boolean;
}

/** What comes to a character's mind at a question. */
export interface Recollection {
  /** What best fits first: facts, then the exchange that shows them. Empty if nothing fits, or it is not known. */
  readonly items: readonly Recalled[];
  /** Undefined where there are no digests to tell it by, or no fact is asked for. */
  readonly knowing?: Knowing | undefined;
}
