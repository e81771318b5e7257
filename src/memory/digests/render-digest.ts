import type { Ask, Digest, DigestPerson } from './digest.ts';
import { parseTemplate } from './template.ts';

/** How somebody is called by the one who tells of them: "my uncle Claudius", with the name, or "my father", without. */
export interface Called {
  readonly call: string;
  readonly withName: boolean;
}

/** Who tells a fact, if not the narrator. */
export interface Telling {
  /** Cast name of the one who tells it, as "I". */
  readonly character: string;
  /** How the one who tells it calls somebody, by a name of the cast or of the digest file's header; undefined: by name. */
  readonly calls?: ((person: string) => Called | undefined) | undefined;
}

/** A fact as a sentence: told by nobody in particular, or by one of the cast, in the first person. */
export function renderDigest(
  digest: Pick<Digest, 'text' | 'about'>,
  telling: Partial<Telling> = {},
): string {
  return render(digest, telling, firstPerson);
}

/** A question as it is put to one of the cast, in the second person: "Who killed your father?" */
export function renderAsk(ask: Ask, telling: Partial<Telling> = {}): string {
  const { calls } = telling;
  const called = (person: string): Called | undefined => {
    const own = calls?.(person);
    return own && { ...own, call: own.call.replace(/^my /, 'your ') };
  };
  return render(ask, { ...telling, calls: called }, secondPerson);
}

/** What stands for the one who tells or is asked, alone or as one of several. */
interface PersonWords {
  readonly one: Readonly<Record<'subject' | 'object' | 'possessive', string>>;
  readonly several: Readonly<Record<'subject' | 'object' | 'possessive', string>>;
}

const firstPerson: PersonWords = {
  one: { subject: 'I', object: 'me', possessive: 'my' },
  several: { subject: 'we', object: 'us', possessive: 'our' },
};
const you = { subject: 'you', object: 'you', possessive: 'your' };
const secondPerson: PersonWords = { one: you, several: you };

function render(
  template: Pick<Digest, 'text' | 'about'>,
  { character, calls = () => undefined }: Partial<Telling>,
  words: PersonWords,
): string {
  const mentioned = new Set<string>();
  const text = parseTemplate(template.text)
    .map((part) => {
      if (typeof part === 'string') return part;
      const person = template.about.find(({ key }) => key === part.person);
      if (!person) return part.person;
      const isSelf = character !== undefined && person.members.includes(character);
      if (typeof part.form === 'object') return isSelf ? part.form.first : part.form.third;
      // One of several who act as one says "we".
      if (isSelf) return (person.members.length > 1 ? words.several : words.one)[part.form];
      const called = character === undefined ? undefined : calledBy(calls, person);
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

/** By the name that the digest has; else by the cast's. */
function calledBy(
  calls: (person: string) => Called | undefined,
  { key, members }: DigestPerson,
): Called | undefined {
  const [only, ...others] = members;
  return calls(key) ?? (only !== undefined && others.length === 0 ? calls(only) : undefined);
}

/** "My uncle Claudius" is "Claudius" when named again; "my father", without a name, stays "my father". */
function nameOf({ name }: DigestPerson, called: Called | undefined, isNamed: boolean): string {
  if (!called) return name;
  if (!called.withName) return called.call;
  return isNamed ? name : `${called.call} ${name}`;
}
