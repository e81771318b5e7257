import { readdirSync, readFileSync } from 'node:fs';
import type { Card, CardWords } from '../../play/cast/character-card.ts';
import { parsePlace } from '../../play/place.ts';
import type { CastMember, Place, Play } from '../../play/play.ts';

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

/** The hand-written card of a character, if there is one: the user's own before ours. */
export function cardOf(play: Play, member: CastMember): Card | undefined {
  if (member.card) return member.card;
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
