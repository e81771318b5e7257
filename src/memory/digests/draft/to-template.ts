import type { CastNames, NameInText } from './cast-names.ts';
import type { Gender } from './genders.ts';

/** A drafted sentence as a template, or why it cannot be one. */
export type Templated =
  | {
      readonly text: string;
      /** Cast names, once each, in order. */
      readonly about: readonly string[];
      /** Those of them who are named with an article: "the Nurse". */
      readonly roles: readonly string[];
    }
  | { readonly fault: 'nobody' | 'pronoun' | 'tense' | 'person' | 'confused' };

/** Words that a clause begins after, so that the name behind them is its subject. */
const clauseStart =
  /(?:^|[,;:] *|\b(?:that|because|when|while|so|if|as|after|before|until|since|who|how|why|whether|but|although|though|and then|thought|knew|believed|feared|hoped|wished|swore|suspected|said|wanted it known)\s+)$/i;

/** A verb in the past, which its subject stands before. */
const pastVerb =
  /^ (?:\w+(?:ly) |never |not |also |only )?(?:\w+ed|was|were|had|did|would|could|should|might|must|told|said|gave|took|went|came|saw|found|left|made|knew|thought|felt|kept|held|sent|brought|swore|fell|lost|won|spoke|wrote|read|heard|met|meant|stood|ran|slew|struck|drew|bore|broke|chose|fought|forgave|hid|laid|led|let|put|rose|sat|sold|stole|threw|understood|wept|woke)\b/;

/** A verb in the present, which would not fit "I". */
const presentVerb = /^ (?:is|has|does|are|am|says|tells|asks|\w{3,}(?:[^su]s))\b(?!')/;

/** "He is" would become "I is". */
const presentPronoun = /\b(?:he|she) (?:is|has|does|says|\w{3,}[^su\W]s)\b/i;

/** Words of the speaker, left as they stand in the play. */
const ownVoice = /\b(?:I|me|my|mine|myself|you|your|yours|thou|thee|thy|thine|ye|we|us|our)\b/;

/** A preposition or a verb right before a name, which is then its object. */
const preposition =
  /\b(?:to|of|with|by|for|from|at|on|against|about|in|into|over|under|near|behind|beside)\s+$/i;

const pronoun = /\b(he|she|him|her|his|hers|himself|herself)\b/gi;
/**
 * Makes the names in a sentence placeholders: a name at the start of a clause is its subject, one after a verb or a
 * preposition its object. A pronoun is taken for the only person it can mean; where there are several the sentence is refused.
 */
export function toTemplate(
  sentence: string,
  names: CastNames,
  genders: ReadonlyMap<string, Gender>,
): Templated {
  const parts = names.read(sentence);
  const people = parts.filter((part) => typeof part !== 'string');
  if (people.length === 0) return { fault: 'nobody' };
  if (isConfused(parts)) return { fault: 'confused' };
  if (ownVoice.test(sentence)) return { fault: 'person' };
  if (presentPronoun.test(sentence)) return { fault: 'tense' };
  const written: string[] = [];
  const before: Mentioned[] = [];
  for (const [i, part] of parts.entries()) {
    if (typeof part === 'string') {
      const plain = withPronouns(part, before, genders);
      if (plain === undefined) return { fault: 'pronoun' };
      written.push(plain);
      continue;
    }
    const form = formOf(part, i, parts);
    const after = parts[i + 1];
    if (form === '' && typeof after === 'string' && presentVerb.test(after))
      return { fault: 'tense' };
    written.push(`{${part.person}${form}}`);
    before.push({ person: part.person, isSubject: form === '' });
  }
  const about = [...new Set(people.map(({ person }) => person))];
  const roles = [...new Set(people.filter((one) => one.hasArticle).map(({ person }) => person))];
  return { text: written.join(''), about, roles };
}

type Parts = readonly (string | NameInText)[];

function formOf({ isPossessive }: NameInText, at: number, parts: Parts): string {
  if (isPossessive) return ":'s";
  const before = String(parts[at - 1] ?? '');
  const after = typeof parts[at + 1] === 'string' ? String(parts[at + 1]) : '';
  const previous = parts[at - 2];
  // "Rosse and Angus came": both are subjects, or both objects.
  if (/^(?:,| and|, and) $/.test(before) && typeof previous === 'object')
    return pastVerb.test(after) ? '' : formOf(previous, at - 2, parts);
  if (/^ and $/.test(after) && typeof parts[at + 2] === 'object' && isStart(before, at)) return '';
  if (isStart(before, at)) return '';
  if (preposition.test(before)) return ':me';
  return /\band\s+$/.test(before) && pastVerb.test(after) ? '' : ':me';
}

const isStart = (before: string, at: number): boolean =>
  at <= 1 && before === '' ? true : clauseStart.test(before);

/** "Othello asked Othello": one who does something to itself by name is a model's slip. */
function isConfused(parts: Parts): boolean {
  return parts.some((part, i) => {
    const [between, next] = [parts[i + 1], parts[i + 2]];
    return (
      typeof part === 'object' &&
      typeof next === 'object' &&
      next.person === part.person &&
      !next.isPossessive &&
      !/\b(?:that|because|when|if|as|but|so|who|while|after|before)\b|[,;]/.test(String(between))
    );
  });
}

/** Somebody a sentence has named so far. */
interface Mentioned {
  readonly person: string;
  readonly isSubject: boolean;
}

/** Plain words with each pronoun made a placeholder of whom it means; undefined if that could be several, or nobody. */
function withPronouns(
  text: string,
  before: readonly Mentioned[],
  genders: ReadonlyMap<string, Gender>,
): string | undefined {
  let isClear = true;
  const written = text.replace(pronoun, (word: string, _: string, at: number) => {
    const after = text.slice(at + word.length);
    const own = ownPronoun(word, after);
    const gender = /^(?:she|her|hers|herself)$/i.test(word) ? 'woman' : 'man';
    // Who does something does it to somebody else, unless a clause has begun since.
    const last = before.at(-1);
    const doer =
      own === 'me' && last?.isSubject && !clauseWord.test(text.slice(0, at)) ? last.person : '';
    const fitting = [...new Set(before.map(({ person }) => person))].filter(
      (person) => person !== doer && (genders.get(person) ?? gender) === gender,
    );
    const [person] = fitting;
    if (person === undefined || fitting.length > 1 || !genders.has(person)) {
      isClear = false;
      return word;
    }
    return `{${person}:${word}/${own}}`;
  });
  return isClear ? written : undefined;
}

/** A word that begins a clause. */
const clauseWord = /\b(?:that|because|when|if|as|but|so|who|while|after|before|and|to)\b|[,;]/;

function ownPronoun(word: string, after: string): string {
  switch (word.toLowerCase()) {
    case 'he':
    case 'she':
      return 'I';
    case 'him':
      return 'me';
    case 'his':
      return 'my';
    case 'hers':
      return 'mine';
    case 'her':
      // "her ring", but "told her that", "saw her die in".
      return /^ (?!(?:that|to|and|but|because|when|in|on|at|by|for|with|of|not|was|had|if|as|so)\b)[a-z]/.test(
        after,
      )
        ? 'my'
        : 'me';
    default:
      return 'myself';
  }
}
