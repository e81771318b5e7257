import { readdirSync, readFileSync } from 'node:fs';
import { parsePlace } from '../../play/place.ts';
import type { CastMember, Place, Play } from '../../play/play.ts';

/**
 * Who somebody is to a character, in the character's words. Cards name persons as `Card.name` does, or as the headers of
 * digest files do ("KING HAMLET", the dead king, beside "GHOST").
 */
export interface CardRelation {
  readonly person: string;
  /** What the character calls the person when it tells of them: "my uncle", told as "my uncle Claudius". */
  readonly call?: string;
  /** Whether the call says it all and the name adds nothing: "my father". */
  readonly alone?: true;
  /** What else the person is: "now king and my mother's husband". */
  readonly more?: string;
  /** What comes after "Claudius is ", where that is not the call and what else the person is. */
  readonly is?: string;
}

/** How a character speaks to somebody's face, read off the play. */
export interface CardAddress {
  readonly person: string;
  /** What the character calls the person most: "my lord", "good Horatio". */
  readonly call?: string;
  /** Which of the two the character calls the person more often; none where it says both less than four times. */
  readonly form?: 'thou' | 'you';
}

/** Words that hold throughout, or scene → the words that hold from its start; `end`: after the play. */
export type CardWords = string | Readonly<Record<string, string>>;

/** What data/cards says of one character, in our own words. */
export interface Card {
  /** A name that the cast member has, or has as an alias. */
  readonly name: string;
  /** What comes after "I am Hamlet, ". */
  readonly role: string;
  /** "You grieve and doubt …" */
  readonly manner?: string;
  /** Those whom prompts tell of; without it the first four of `others`. */
  readonly relations?: readonly CardRelation[];
  /** Everybody else to whom the character has a word. */
  readonly others: readonly CardRelation[];
  readonly addresses?: readonly CardAddress[];
  /** Sentences in the first person: "I want to revenge my father …" */
  readonly want?: CardWords;
  readonly love?: CardWords;
  readonly hate?: CardWords;
  readonly fear?: CardWords;
  readonly serve?: CardWords;
  /** How things stand when a scene begins, in the character's words. */
  readonly moments?: Readonly<Record<string, string>>;
}

/** A card of one of the main characters, who have all of it. */
export type FullCard = Card & Required<Pick<Card, 'manner' | 'relations' | 'moments'>>;

/** Version 1 of a file of data/cards. */
export interface CardFile {
  readonly format: 'dramatis-cards';
  readonly version: 1;
  /** A word of the play's title. */
  readonly play: string;
  readonly about: string;
  readonly cards: readonly Card[];
}

let all: readonly CardFile[] | undefined;

/** The hand-written card of a character, if there is one. */
export function cardOf(play: Play, member: CastMember): Card | undefined {
  all ??= cardFiles();
  const title = play.title.toLowerCase();
  const file = all.find((one) => title.includes(one.play));
  return file?.cards.find(({ name }) => isNamed(member, name));
}

/** Whether a member of the cast has a name, or has it as an alias. */
export function isNamed({ name, aliases }: CastMember, wanted: string): boolean {
  return name === wanted || aliases.includes(wanted);
}

/** Whether a card tells all that a main character's does. */
export function isFull(card: Card | undefined): card is FullCard {
  return card?.moments !== undefined && card.manner !== undefined && card.relations !== undefined;
}

/** The latest words that hold at a place; those that hold after the play without one. */
export function wordsAt(words: CardWords | undefined, at?: Place): string {
  if (words === undefined || typeof words === 'string') return words ?? '';
  if (!at && words.end !== undefined) return words.end;
  let latest = '';
  for (const [scene, told] of Object.entries(words)) {
    if (scene === 'end') break;
    const { act, scene: number } = parsePlace(scene);
    if (!at || act < at.act || (act === at.act && number <= at.scene)) latest = told;
  }
  return latest;
}

/** All files of data/cards, which lies at the package's root, seen from `src/prompt/persona` as from `dist/prompt/persona`. */
export function cardFiles(): readonly CardFile[] {
  const folder = new URL('../../../data/cards/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CardFile);
}
