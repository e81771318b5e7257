import type { CardRelation } from '../../play/cast/character-card.ts';
import { displayName } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { isNamed } from './card.ts';

/** What whoever is described so calls the other: [a man, a woman]. A son has a father or a mother. */
const callBack: Readonly<Record<string, readonly [man: string, woman: string]>> = {
  son: ['father', 'mother'],
  daughter: ['father', 'mother'],
  father: ['son', 'daughter'],
  mother: ['son', 'daughter'],
  brother: ['brother', 'sister'],
  sister: ['brother', 'sister'],
  husband: ['husband', 'wife'],
  wife: ['husband', 'wife'],
  uncle: ['nephew', 'niece'],
  aunt: ['nephew', 'niece'],
  nephew: ['uncle', 'aunt'],
  niece: ['uncle', 'aunt'],
  cousin: ['cousin', 'cousin'],
  friend: ['friend', 'friend'],
  servant: ['master', 'mistress'],
  nurse: ['master', 'mistress'],
  page: ['master', 'mistress'],
  steward: ['master', 'mistress'],
};
const kin = Object.keys(callBack).join('|');
/** "son to Polonius", "sister of the Duke"; and "Capulet's daughter". */
const kinTo = new RegExp(`\\b(${kin})s?\\s+(?:to|of)\\s+(?:the\\s+)?([^,;.]+)`, 'giu');
const kinOf = new RegExp(`\\b([\\p{L} ]+)['’]s\\s+(${kin})\\b`, 'giu');
const woman =
  /\b(?:lady|queen|duchess|countess|princess|empress|mistress|dame|abbess|nun|nurse|maid|gentlewoman|woman|girl|wife|widow|daughter|mother|sister|aunt|niece|shepherdess|courtesan|wench)\b/i;

/** One entry of a cast list that says what somebody is to somebody else. */
interface Tie {
  readonly from: CastMember;
  /** "son" of "son to Polonius". */
  readonly kin: string;
  readonly to: CastMember;
}

/**
 * Whom a character is related to by the descriptions of the cast list, each person once: who is described as "son to
 * Polonius" has "my father" in Polonius, who has "my son" in him.
 */
export function relationsFromCast({ cast }: Play, character: CastMember): readonly CardRelation[] {
  const found = new Map<string, CardRelation>();
  for (const { from, kin, to } of cast.flatMap((member) => tiesOf(cast, member))) {
    const [other, call] =
      from === character
        ? [to, callBack[kin]![isWoman(to) ? 1 : 0]]
        : to === character
          ? [from, kin]
          : [];
    if (other && call && other !== character && !found.has(other.name))
      found.set(other.name, { person: other.name, call: `my ${call}` });
  }
  return [...found.values()];
}

function tiesOf(cast: readonly CastMember[], from: CastMember): Tie[] {
  const { description } = from;
  const named = [
    ...Array.from(description.matchAll(kinTo), ([, kin, name]) => [kin!, name!] as const),
    ...Array.from(description.matchAll(kinOf), ([, name, kin]) => [kin!, name!] as const),
  ];
  return named.flatMap(([kin, name]) => {
    const to = memberNamed(cast, name);
    return to && to !== from ? [{ from, kin: kin.toLowerCase(), to }] : [];
  });
}

/** Who is meant by the words of a description: who has them as a name, or nobody. */
function memberNamed(cast: readonly CastMember[], words: string): CastMember | undefined {
  const wanted = words.trim().toUpperCase();
  const first = wanted.split(/\s+AND\s+|\s+TO\s+|\s+OF\s+/)[0]!;
  const exact = cast.filter((member) => isNamed(member, first));
  if (exact.length > 0) return exact.length === 1 ? exact[0] : undefined;
  const parts = cast.filter(({ name }) => name.split(' ').includes(first));
  return parts.length === 1 ? parts[0] : undefined;
}

function isWoman({ name, description }: CastMember): boolean {
  return woman.test(`${displayName(name)} ${description.split(/\b(?:to|of)\b/)[0]}`);
}
