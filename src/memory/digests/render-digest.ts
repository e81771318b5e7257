import type { Digest, DigestPerson } from './digest.ts';
import { parseTemplate } from './template.ts';

/** Who tells a fact, if not the narrator. */
export interface Telling {
  /** Cast name of the one who tells it, as "I". */
  readonly character: string;
  /**
   * How the one who tells it calls somebody, in full, as at the first mention: "my uncle Claudius", or "my father" where
   * no name is said. Undefined: by name.
   */
  readonly calls?: ((person: DigestPerson) => string | undefined) | undefined;
}

/** A fact as a sentence: told by nobody in particular, or by one of the cast, in the first person. */
export function renderDigest(
  digest: Pick<Digest, 'text' | 'about'>,
  { character, calls = () => undefined }: Partial<Telling> = {},
): string {
  const mentioned = new Set<string>();
  const text = parseTemplate(digest.text)
    .map((part) => {
      if (typeof part === 'string') return part;
      const person = digest.about.find(({ key }) => key === part.person);
      if (!person) return part.person;
      const isSelf = character !== undefined && person.members.includes(character);
      if (typeof part.form === 'object') return isSelf ? part.form.first : part.form.third;
      // One of several who act as one says "we".
      if (isSelf) return (person.members.length > 1 ? plural : singular)[part.form];
      const called = character === undefined ? undefined : calls(person);
      const name = nameOf(person, called, mentioned.has(person.key));
      mentioned.add(person.key);
      return part.form === 'possessive' ? possessive(name) : name;
    })
    .join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Ross's", and "the witches'" of several. */
function possessive(name: string): string {
  return /^the .*s$/i.test(name) ? `${name}'` : `${name}'s`;
}

const singular = { subject: 'I', object: 'me', possessive: 'my' } as const;
const plural = { subject: 'we', object: 'us', possessive: 'our' } as const;

/** "My uncle Claudius" is "Claudius" when named again; "my father", who is called by no name, stays "my father". */
function nameOf({ name }: DigestPerson, called: string | undefined, isNamed: boolean): string {
  if (called === undefined) return name;
  return isNamed && called.endsWith(name) ? name : called;
}
