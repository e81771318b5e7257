import { isCollective } from './cast/label.ts';
import type { Play } from './play.ts';
import { sceneTurns } from './scene-turns.ts';

/** A word such as "Horatio" or "Fortinbras" that names one person of a play. */
export interface ProperName {
  /** The name as it stands in running text. */
  readonly word: string;
  /** Name in the cast, such as "PRINCE FORTINBRAS". */
  readonly person: string;
}

const least = 3;

/**
 * The words of the names of those who speak that are names and not roles: no speech has them in small letters, as all
 * plays have "king", "ghost" and "doctor". A word of several names means the person who is called that and nothing
 * else ("MACBETH" before "LADY MACBETH"); if nobody is, it names nobody.
 */
export function properNames(play: Play): readonly ProperName[] {
  const text = sceneTurns(play).flatMap(({ turns }) => turns.map((turn) => turn.text));
  const inSmall = new Set(text.join(' ').match(/(?<![\p{L}'’])\p{Ll}[\p{L}'’]*/gu));
  const persons = new Map<string, string[]>();
  for (const { name, speeches } of play.cast)
    if (speeches > 0 && !isCollective(name))
      for (const word of new Set(name.split(/[^\p{L}'’]+/u)))
        if (word.length >= least) persons.set(word, [...(persons.get(word) ?? []), name]);
  return Array.from(persons, ([word, names]) => ({
    word: word[0] + word.slice(1).toLowerCase(),
    person: names.find((name) => name === word) ?? (names.length === 1 ? names[0]! : ''),
  })).filter(({ word, person }) => person !== '' && !inSmall.has(word.toLowerCase()));
}
