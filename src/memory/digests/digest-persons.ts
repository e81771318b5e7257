import { displayName } from '../../play/cast/display-name.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import type { Play } from '../../play/play.ts';
import type { DigestPerson } from './digest.ts';
import type { DigestHeader } from './digest-file.ts';

/** Looks up the names in a digest file: those of its header, then those of the cast. */
export class DigestPersons {
  readonly #play: Play;
  readonly #persons: DigestHeader['persons'];
  readonly #found = new Map<string, DigestPerson>();

  constructor(play: Play, persons: DigestHeader['persons']) {
    this.#play = play;
    this.#persons = persons;
  }

  /** @throws {DramatisError} CHARACTER_UNKNOWN, CHARACTER_AMBIGUOUS */
  find(key: string): DigestPerson {
    const known = this.#found.get(key);
    if (known) return known;
    const row = Object.hasOwn(this.#persons, key) ? this.#persons[key] : undefined;
    const cast = row ? (row.is ?? []) : [key];
    const members = cast.map((name) => findCharacter(this.#play, name).name);
    const person = { key, name: row?.name ?? displayName(key), members };
    this.#found.set(key, person);
    return person;
  }

  /** Like `find`, but undefined for somebody who is not known. */
  findAny(key: string): DigestPerson | undefined {
    try {
      return this.find(key);
    } catch {
      return undefined;
    }
  }
}
