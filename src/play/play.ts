import type { Card } from './cast/character-card.ts';

/** A position in a play, "act.scene" or "act.scene.line", such as `3.1.56`. Lines count speech lines within a scene from 1. */
export interface Place {
  readonly act: number;
  readonly scene: number;
  readonly line?: number;
}

/** The edition formats the parser knows. */
export type PlayFormat =
  | 'markdown'
  | 'gutenberg'
  | 'bosak-xml'
  | 'playshakespeare-xml'
  | 'mit-html'
  | 'epub-html'
  | 'tei'
  | 'csv'
  | 'wikitext'
  | 'fountain'
  | 'final-draft';

/**
 * One uninterrupted run of words by one speaker or one set of speakers.
 *
 * A speech that goes on after a direction is a second element with `continued: true`: it is not
 * counted again as a speech, and belongs to the speech before it.
 */
export interface Speech {
  readonly kind: 'speech';
  /** Names in the cast, in full and in capitals; several for a joint speech, one entry each. */
  readonly speakers: readonly string[];
  /** The label as printed, such as "Ham." */
  readonly label: string;
  /** The words as printed, a line of verse or a printed line of prose each, directions taken out. */
  readonly lines: readonly string[];
  readonly continued?: true;
  /** Place of its first line, "act.scene.line". */
  readonly place: string;
  /** Cast names on stage while it is spoken, speakers included if they are on stage; sorted. */
  readonly present: readonly string[];
}

export interface Direction {
  readonly kind: 'direction';
  readonly text: string;
  /** Set for a direction printed inside a speech, such as "[Aside]". */
  readonly inline?: true;
  /** Who comes on and who goes off by it, as far as it could be told. */
  readonly enters?: readonly string[];
  readonly exits?: readonly string[];
}

export type SceneElement = Speech | Direction;

export interface Scene {
  readonly number: number;
  readonly heading: string;
  readonly elements: readonly SceneElement[];
}

export interface Act {
  readonly number: number;
  readonly heading: string;
  readonly scenes: readonly Scene[];
}

export interface CastMember {
  /** Full name in capitals, as `Speech.speakers` has it. */
  readonly name: string;
  /** Every other name or label that means this person, such as "Ham.", "KING", "CLAUDIUS". */
  readonly aliases: readonly string[];
  /** The cast list's words about the person, such as "Prince of Denmark"; empty if there are none. */
  readonly description: string;
  /** Speeches the person speaks, alone or jointly, continuations not counted. */
  readonly speeches: number;
  readonly words: number;
  /** A card of the user's own: it goes before the one of data/cards. */
  readonly card?: Card | undefined;
}

/** Something the parser repaired or could not tell, with the 1-based line of the source. */
export interface Warning {
  readonly line: number;
  readonly message: string;
}

export interface Play {
  readonly title: string;
  /** What the characters speak, such as "German", where the head of the file says it. */
  readonly language?: string;
  /** The time whose words they use, such as "today", where the head of the file says it. */
  readonly period?: string;
  readonly format: PlayFormat;
  readonly acts: readonly Act[];
  readonly cast: readonly CastMember[];
  readonly warnings: readonly Warning[];
  /** The printed cast list, an entry each, as printed. */
  readonly castList?: readonly SourceText[];
  /** Every other word of the source: title pages, licences, notes, contents. */
  readonly boilerplate?: readonly SourceText[];
}

/** Words of the source that are neither speech, direction nor heading, with their 1-based line. */
export interface SourceText {
  readonly line: number;
  readonly text: string;
}
