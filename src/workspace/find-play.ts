import { distance } from 'fastest-levenshtein';
import { DramatisError } from '../errors.ts';
import { leadsOfPlays, plays } from '../hub/catalogue.ts';
import { type KnownPerson, knownPlays } from '../play/cast/known-persons.ts';
import { normalName } from '../play/cast/label.ts';

/**
 * The catalogue's id of the one known play that somebody of this name is in: "ophelia" means Hamlet's.
 *
 * A name in full goes before another name of a person, and that before a part of one; the leading parts of the other plays
 * of the catalogue come last.
 *
 * @throws {DramatisError} CHARACTER_UNKNOWN if no known play has them, CHARACTER_AMBIGUOUS if several do.
 */
export function playOf(character: string): string {
  const wanted = normalName(character);
  const ways: ((person: KnownPerson) => boolean)[] = [
    ({ name }) => name === wanted,
    ({ aliases }) => aliases.includes(wanted),
    ({ name, aliases }) => [name, ...aliases].some((one) => one.split(/[ -]/).includes(wanted)),
  ];
  for (const fits of wanted === '' ? [] : ways) {
    const found = knownPlays.filter(({ persons }) => persons.some(fits));
    const ids = found.flatMap(({ title }) =>
      plays()
        .filter((entry) => title.test(entry.title))
        .map(({ id }) => id),
    );
    if (ids.length > 0) return onlyOne(ids, character);
  }
  const led = playsLedBy(wanted);
  if (led.length > 0) return onlyOne(led, character);
  throw new DramatisError(
    'CHARACTER_UNKNOWN',
    `nobody called "${character}" is known without a play; the nearest names are ${nearest(wanted)}`,
    { remedy: 'Correct the name, or give the play with --play ID or --play FILE.' },
  );
}

/** @throws {DramatisError} CHARACTER_AMBIGUOUS */
function onlyOne(ids: readonly string[], character: string): string {
  if (ids.length === 1) return ids[0]!;
  throw new DramatisError(
    'CHARACTER_AMBIGUOUS',
    `"${character}" is somebody in ${ids.join(' and in ')}`,
    { remedy: `Say which with --play, such as --play ${ids[0]}.` },
  );
}

/** Ids of the plays that somebody of this name has a leading part in: by the name in full, else by a part of one. */
function playsLedBy(wanted: string): string[] {
  const ways: ((name: string) => boolean)[] = [
    (name) => name === wanted,
    (name) => name.split(/[ -]/).includes(wanted),
  ];
  for (const fits of wanted === '' ? [] : ways) {
    const found = [...leadsOfPlays()].filter(([, names]) => names.map(normalName).some(fits));
    if (found.length > 0) return found.map(([id]) => id);
  }
  return [];
}

/** Names of the known plays by edit distance, as words to put into a sentence. */
function nearest(wanted: string): string {
  return knownPlays
    .flatMap(({ persons }) => persons)
    .map(({ name, aliases }) => {
      const forms = [name, ...name.split(' '), ...aliases];
      return { name, far: Math.min(...forms.map((form) => distance(form, wanted))) };
    })
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
}
