import type { ProperName } from '../play/proper-names.ts';

/** A line before a question, and whether the one who is asked said it. */
export interface EarlierLine {
  readonly text: string;
  readonly isOwn: boolean;
}

type Gender = 'he' | 'she';

const kin: Readonly<Record<Gender, string>> = {
  he: 'father|husband|brother|son|uncle|nephew|grandfather|lord|friend|king',
  she: 'mother|wife|sister|daughter|aunt|niece|grandmother|lady|queen',
};
const pronouns: Readonly<Record<Gender, RegExp>> = {
  he: /\b(?:he|him|his|himself)\b/i,
  she: /\b(?:she|her|hers|herself)\b/i,
};
const titles: Readonly<Record<Gender, RegExp>> = {
  he: /\b(?:King|Lord|Prince|Sir|Duke|Count)$/i,
  she: /\b(?:Queen|Lady|Princess|Duchess|Countess)$/i,
};
/** What "her" stands before where it is nobody's possession: "send her away". */
const after =
  /^(?:away|back|out|off|up|down|to|for|from|in|on|at|with|and|or|when|then|now|again|so|before|after|there|here|as|if|that|of)\b/i;
/** Lines that are looked back through. */
const mostBack = 8;

/**
 * A question with the person in place of its first "he" or "she", as the lines before it name them: "How did he die?"
 * after "Tell me about your father." is "How did your father die?". As it stands where it names somebody itself, and where
 * nobody before fits.
 *
 * @param before The latest line first.
 */
export function withWhomItMeans(
  question: string,
  before: readonly EarlierLine[],
  names: readonly ProperName[],
): string {
  const gender = (['he', 'she'] as const).find((one) => pronouns[one].test(question));
  if (gender === undefined || personsIn(question, names).length > 0) return question;
  for (const line of before.slice(0, mostBack)) {
    const found = personsIn(line.text, names).filter((one) => one.gender !== other(gender));
    // Who answers begins with whom the answer is about; who asks ends with them.
    const meant = line.isOwn ? found[0] : found.at(-1);
    if (meant) return inPlaceOf(question, pronouns[gender], whomTold(meant.text, line));
  }
  return question;
}

const other = (gender: Gender): Gender => (gender === 'he' ? 'she' : 'he');

interface Mention {
  readonly at: number;
  readonly text: string;
  readonly gender?: Gender | undefined;
}

/** Persons that a text names or calls kin, in its order; what a pronoun of the text tells of the last one counts. */
function personsIn(text: string, names: readonly ProperName[]): Mention[] {
  const all: Mention[] = [];
  for (const gender of ['he', 'she'] as const)
    for (const found of text.matchAll(new RegExp(`\\b(?:my|your) (?:${kin[gender]})\\b`, 'gi')))
      all.push({ at: found.index, text: found[0], gender });
  for (const { word } of names)
    for (const found of text.matchAll(new RegExp(`(?<![\\p{L}'’-])${word}(?![\\p{L}-])`, 'gu'))) {
      const lead = text.slice(0, found.index).trimEnd();
      const isKin = all.some(({ at, text: kinText }) => lead.slice(at) === kinText);
      if (!isKin)
        all.push({ at: found.index, text: word, gender: genderOf(lead, text, found.index) });
    }
  return all.sort((a, b) => a.at - b.at);
}

/** By the title before a name, or by the only pronoun after it. */
function genderOf(lead: string, text: string, at: number): Gender | undefined {
  const rest = text.slice(at);
  const titled = (['he', 'she'] as const).find((gender) => titles[gender].test(lead));
  if (titled) return titled;
  const said = (['he', 'she'] as const).filter((gender) => pronouns[gender].test(rest));
  return said.length === 1 ? said[0] : undefined;
}

/** "My father" of the one who answers is "your father" in a question, and the other way round. */
function whomTold(text: string, { isOwn }: EarlierLine): string {
  const isMine = /^my\b/i.test(text);
  return text.replace(/^(?:my|your)\b/i, isMine === isOwn ? 'your' : 'my');
}

function inPlaceOf(question: string, pronoun: RegExp, whom: string): string {
  return question.replace(pronoun, (found, at: number) => {
    const rest = question.slice(at + found.length).trimStart();
    const word = found.toLowerCase();
    const isOwner = word === 'his' || (word === 'her' && /^\p{L}/u.test(rest) && !after.test(rest));
    return isOwner ? `${whom}’s` : whom;
  });
}
