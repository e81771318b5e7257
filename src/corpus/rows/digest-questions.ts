import type { Digest, DigestPerson } from '../../memory/digests/digest.ts';
import { type Called, renderAsk } from '../../memory/digests/render-digest.ts';
import { parseTemplate, type TemplatePart } from '../../memory/digests/template.ts';

/** Whom a visitor asks. */
export interface Asked {
  /** Cast name. */
  readonly name: string;
  /** How the one asked calls others: "my uncle", of whom a visitor says "your uncle". */
  readonly calls: (person: string) => Called | undefined;
}

/** Where a question ends, of a sentence that goes on: the rest is for the answer. */
const clauseEnd = /,| because | so that | although | while | until | when /;
/** Words of the one asked as a visitor says them. */
const toYou: Readonly<Record<string, string>> = {
  i: 'you',
  me: 'you',
  we: 'you',
  us: 'you',
  my: 'your',
  our: 'your',
  mine: 'yours',
  myself: 'yourself',
  was: 'were',
};
const kin =
  /^my (?:first |second )?(?:uncle|aunt|mother|father|brother|sister|son|daughter|wife|husband|nephew|niece)\b/;
const leastWords = 5;

/**
 * The questions of who, what, where and why that a fact answers, as a visitor puts them: those that the digest has, by the
 * names that people go by or by what they are to the one asked; else the one question of who did it.
 *
 * @param isNear Whether people are called by what they are to the one asked: "your uncle Claudius".
 */
export function questionsOf(digest: Digest, asked: Asked, isNear: boolean): string[] {
  const { name: character, calls } = asked;
  const own = digest.asks.map((ask) => renderAsk(ask, { character, ...(isNear && { calls }) }));
  if (own.length > 0) return own;
  const who = whoQuestion(digest, asked);
  return who === undefined ? [] : [who];
}

/**
 * A question of who did what a fact tells, up to its first pause: "Who stabbed Polonius through the curtain in your
 * mother's room?" Undefined of a fact that does not begin with who does it.
 */
function whoQuestion({ text, about }: Digest, asked: Asked): string | undefined {
  const parts = withoutSecondSubject(parseTemplate(text));
  const [subject, ...rest] = parts;
  if (!subject || typeof subject === 'string' || subject.form !== 'subject') return undefined;
  const said = rest.map((part) => {
    if (typeof part === 'string') return part;
    // Whoever did it is "he" in the question, even if that is the one asked.
    const isWho = part.person === subject.person && typeof part.form === 'object';
    return isWho ? part.form.third : mention(part, about, asked);
  });
  const [clause = ''] = said.join('').split(clauseEnd);
  if (!/^ (?!did not\b)[a-z]/.test(clause)) return undefined;
  const question = `Who${clause.replace(/\W+$/, '')}?`;
  return question.split(' ').length < leastWords ? undefined : question;
}

/** What may be asked about persons in one breath. */
const aboutForms = [
  (whom: string) => `What do you know of ${whom}?`,
  (whom: string) => `What can you tell me about ${whom}?`,
  (whom: string) => `Tell me of ${whom}.`,
];

/** A question about the persons of a fact, two at most; undefined of a fact that names nobody but the one asked. */
export function aboutQuestion({ about }: Digest, asked: Asked, form: number): string | undefined {
  const others = about.filter((person) => !isAsked(person, asked)).slice(0, 2);
  if (others.length === 0) return undefined;
  const whom = others.map((person) => personToVisitor(person, asked)).join(' and ');
  return aboutForms[form % aboutForms.length]!(whom);
}

/** "{A} and {B} met" begins with two who do it; the question asks for both. */
function withoutSecondSubject(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const [first, and, second, ...rest] = parts;
  const isSecond = typeof second === 'object' && second.form === 'subject';
  return first !== undefined && and === ' and ' && isSecond ? [first, ...rest] : parts;
}

function isAsked({ members }: DigestPerson, { name }: Asked): boolean {
  return members.includes(name);
}

function mention(
  { person: key, form }: Exclude<TemplatePart, string>,
  about: readonly DigestPerson[],
  asked: Asked,
): string {
  const person = about.find((one) => one.key === key);
  if (!person) return key;
  const isSelf = isAsked(person, asked);
  if (typeof form === 'object')
    return isSelf ? (toYou[form.first.toLowerCase()] ?? form.first) : form.third;
  if (isSelf) return form === 'possessive' ? 'your' : 'you';
  const name = personToVisitor(person, asked);
  return form === 'possessive' ? `${name}'s` : name;
}

/** "your uncle" where the one asked has such a word for the person, else the name. */
function personToVisitor({ key, name, members }: DigestPerson, { calls }: Asked): string {
  const called = calls(key) ?? (members.length === 1 ? calls(members[0]!) : undefined);
  return called && kin.test(called.call) ? called.call.replace(/^my /, 'your ') : name;
}
