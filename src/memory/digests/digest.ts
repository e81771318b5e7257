import type { Place } from '../../play/play.ts';

/** One fact of a play's story, in plain modern words, with those who know it: names are those of the play's cast. */
export interface Digest {
  /** Unique within the file, such as "3.4-2". */
  readonly id: string;
  /** Place of the first line that shows the fact. */
  readonly from: Required<Place>;
  /** Place of the last line that shows it. */
  readonly end: Required<Place>;
  /** Words of one line between the two, as printed. */
  readonly words: string;
  /** One sentence with placeholders for the persons: `renderDigest` reads it. */
  readonly text: string;
  /** Everybody it names, once each, in the order of first mention. */
  readonly about: readonly DigestPerson[];
  /** Questions that it answers, as somebody would put them to one of those it names: `renderAsk` reads them. */
  readonly asks: readonly Ask[];
  /** How each member of the cast who ever knows the fact comes to know it, by cast name: the earliest way. */
  readonly known: ReadonlyMap<string, Knowledge>;
  /** Set where no line shows it: what a character's card says of the character and of others. */
  readonly isOfCard?: true;
}

/** A question with placeholders for the persons. */
export interface Ask {
  readonly text: string;
  /** Everybody it names, once each, in the order of first mention. */
  readonly about: readonly DigestPerson[];
}

/** Somebody a digest names: a member of the cast, several who act as one, or a person who is not in the cast. */
export interface DigestPerson {
  /** The name as the file's placeholders have it, such as "KING HAMLET". */
  readonly key: string;
  /** The name as in a sentence: "old King Hamlet". */
  readonly name: string;
  /** Cast names that the person speaks under, such as ["GHOST"]; none for somebody who never comes on. */
  readonly members: readonly string[];
}

/** How somebody comes to know a fact. */
export interface Knowledge {
  readonly way: 'witnessed' | 'told';
  /** Known once this line is over; for a scene without a line, from the scene's start on. */
  readonly at: Place;
  /** Who told it, where the file says. */
  readonly by?: DigestPerson | undefined;
}

/** The facts of one play, in its order. */
export interface Digests {
  readonly digests: readonly Digest[];
  /** Lines of the file whose fact was not found in this edition of the play, and why; none if it is the file's own. */
  readonly dropped: readonly DigestFault[];
}

/** Something wrong with a line of a digest file. */
export interface DigestFault {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}
