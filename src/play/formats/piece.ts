/**
 * What every format is read into: the text cut into typed pieces in the order printed, markup
 * removed, nothing interpreted and nothing dropped. Every word of the source is in exactly one piece.
 */
export type Piece =
  | TextPiece<'title' | 'cast' | 'boilerplate'>
  | PersonPiece
  | HeadingPiece
  | LabelPiece
  | WordsPiece
  | DirectionPiece;

interface TextPiece<Kind extends string> {
  readonly kind: Kind;
  readonly text: string;
  /** 1-based line of the source. */
  readonly line: number;
}

/** Somebody whom the markup lists with an id: a person of their own, whatever others are called. */
export interface PersonPiece extends TextPiece<'person'> {
  /** What else the markup calls them. `text` is their name, which no other person has; it is no word of the play. */
  readonly aliases: readonly string[];
}

/** The heading of an act or a scene. */
export interface HeadingPiece extends TextPiece<'act' | 'scene'> {
  /** The number printed, 0 for a prologue; absent if the heading has no numeral. */
  readonly number?: number;
  /** The markup opens a division with it: it never goes on with the act before, whatever its number. */
  readonly division?: true;
}

/** The name printed before a speech. */
export interface LabelPiece extends TextPiece<'label'> {
  /** Who it means, where the markup says so: names, one for each speaker. */
  readonly speakers?: readonly string[];
}

/** One printed line of a speech, or what is left of it after a direction in its middle. */
export interface WordsPiece extends TextPiece<'words'> {
  /** Whether it stands on the printed line of the words before it. */
  readonly joins?: true;
}

export interface DirectionPiece extends TextPiece<'direction'> {
  /** Printed inside a speech, such as "[Aside]". */
  readonly inline?: true;
  /** Who comes on or goes off, where the markup says so. */
  readonly enters?: readonly string[];
  readonly exits?: readonly string[];
}
