import { readFileSync } from 'node:fs';
import { parsePlace } from '../../play/place.ts';
import type { CastMember, Place, Play } from '../../play/play.ts';

/** What data/persons.json says of one character, in our own words. */
export interface PersonNotes {
  /** A word of the play's title. */
  readonly play: string;
  /** A name that the cast member has, or has as an alias. */
  readonly name: string;
  /** What comes after "You are Hamlet, ". */
  readonly role: string;
  /** Name and what that person is: "Gertrude", "your mother". */
  readonly relations: readonly (readonly [string, string])[];
  /** "You grieve and doubt …" */
  readonly manner: string;
  /** Scene → how things stand when it begins, in the character's words; `end`: after the play. */
  readonly moments: Readonly<Record<string, string>>;
}

let all: readonly PersonNotes[] | undefined;

/** The notes on a character, if there are any. */
export function notesOn(play: Play, { name, aliases }: CastMember): PersonNotes | undefined {
  all ??= read();
  const title = play.title.toLowerCase();
  return all.find(
    (notes) => title.includes(notes.play) && (notes.name === name || aliases.includes(notes.name)),
  );
}

/** The latest moment that is not after `at`; the one after the play without a place. */
export function momentAt({ moments }: PersonNotes, at?: Place): string {
  if (!at) return moments.end ?? '';
  let latest = '';
  for (const [scene, words] of Object.entries(moments)) {
    if (scene === 'end') break;
    const { act, scene: number } = parsePlace(scene);
    if (act < at.act || (act === at.act && number <= at.scene)) latest = words;
  }
  return latest;
}

/** Lies at the package's root, seen from `src/prompt` as from `dist/prompt`. */
function read(): readonly PersonNotes[] {
  const path = new URL('../../../data/persons.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { persons: readonly PersonNotes[] }).persons;
}
