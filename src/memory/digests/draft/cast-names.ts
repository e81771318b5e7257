import { displayName } from '../../../play/cast/display-name.ts';
import { isCollective } from '../../../play/cast/label.ts';
import type { Play } from '../../../play/play.ts';

/** Words of names that mean nobody in particular. */
const titles = new Set(
  'KING QUEEN PRINCE PRINCESS DUKE DUCHESS EARL COUNT COUNTESS LORD LADY SIR FIRST SECOND THIRD FOURTH OLD YOUNG THE FRIAR MISTRESS MASTER CAPTAIN'.split(
    ' ',
  ),
);

/** Titles that a name may be given in a sentence though the cast does not: never one that would make it another's wife. */
const given = '(?:[Tt]he )?(?:(?:King|Lord|Sir|Captain|General|Friar|old|young|poor) )*';

/** Somebody of the cast in a sentence. */
export interface NameInText {
  /** Cast name. */
  readonly person: string;
  readonly isPossessive: boolean;
  /** Whether an article stands before it, as before "the Nurse". */
  readonly hasArticle: boolean;
}

/** Finds the cast in sentences, by full names and by those parts of names that one person alone has. */
export class CastNames {
  readonly #people = new Map<string, string>();
  readonly #pattern: RegExp;
  /** Cast names of one word that stands for what somebody is, by that word in small letters. */
  readonly #roles = new Map<string, string>();

  constructor(play: Pick<Play, 'cast'>) {
    const speakers = play.cast.filter(({ name, speeches }) => speeches > 0 && !isCollective(name));
    const owners = new Map<string, Set<string>>();
    for (const { name } of speakers)
      for (const part of partsOf(name)) owners.set(part, (owners.get(part) ?? new Set()).add(name));
    for (const [part, names] of owners)
      if (names.size === 1) this.#people.set(displayName(part), [...names][0]!);
    for (const { name } of speakers) this.#people.set(displayName(name), name);
    for (const { name } of speakers)
      if (!/\s/.test(name)) this.#roles.set(name.toLowerCase(), name);
    const named = anyOf(this.#people.keys());
    const roles = anyOf(this.#roles.keys());
    this.#pattern = new RegExp(
      `\\b(?:(${given})(${named})|([Tt]he )(${roles}))\\b(['’]s\\b)?`,
      'g',
    );
  }

  /** A sentence in its order: plain words, and whom it names. */
  read(sentence: string): (string | NameInText)[] {
    const parts: (string | NameInText)[] = [];
    let at = 0;
    for (const match of sentence.matchAll(this.#pattern)) {
      parts.push(sentence.slice(at, match.index));
      at = match.index + match[0].length;
      const [, before, name, article, role, possessive] = match;
      parts.push({
        person: (name === undefined ? this.#roles.get(role!) : this.#people.get(name))!,
        isPossessive: possessive !== undefined,
        hasArticle: /^the /i.test(before ?? article!),
      });
    }
    return [...parts, sentence.slice(at)];
  }

  /** Cast names of everybody whom a text names, whatever its capitals. */
  namedIn(text: string): ReadonlySet<string> {
    const plain = ` ${text.toLowerCase().replace(/[^a-zà-ÿ]+/g, ' ')} `;
    const found = [...this.#people].filter(([form]) =>
      plain.includes(` ${form.toLowerCase().replace(/[^a-zà-ÿ]+/g, ' ')} `),
    );
    return new Set(found.map(([, person]) => person));
  }
}

/** "DUKE OF VENICE" → its whole; "LORD CAPULET" → also "CAPULET". */
function partsOf(name: string): string[] {
  const [person = name] = name.split(' OF ');
  return person.split(' ').filter((part) => part.length > 2 && !titles.has(part));
}

/** A pattern of whichever text is there, the longest first. */
const anyOf = (texts: Iterable<string>): string =>
  [...texts]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|') || '(?!)';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
