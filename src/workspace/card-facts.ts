import type { Digest, DigestPerson } from '../memory/digests/digest.ts';
import { displayName } from '../play/cast/display-name.ts';
import type { CastMember, Play } from '../play/play.ts';
import { type CardRelation, cardOf } from '../prompt/persona/card.ts';
import { cardRelations, relationWords } from '../prompt/persona/relations.ts';

/** A card tells of no line; what it says holds from the first one on. */
const start = { act: 1, scene: 1, line: 1 } as const;

/**
 * What the cards of a play's characters say, as facts: who each is, and who others are to them. Each is known to the one
 * whose card it is, from the start, and is found as a digest is: by itself and by the questions it answers.
 */
export function cardFacts(play: Play): Digest[] {
  return play.cast.flatMap((member) => {
    const card = cardOf(play, member);
    if (!card) return [];
    const relations = cardRelations(card).filter((relation) => relationWords(relation) !== '');
    return [
      fact(member, 0, { ...self(member, card.role), person: undefined }),
      ...relations.map((relation, i) => fact(member, i + 1, relationFact(member, relation))),
    ];
  });
}

/** A fact in the third and in the first person, with what is asked about it. */
interface Told {
  readonly third: string;
  readonly first: string;
  readonly asks: readonly string[];
  /** Somebody else it is about. */
  readonly person: DigestPerson | undefined;
}

function fact(member: CastMember, number: number, { third, first, asks, person }: Told): Digest {
  const { name } = member;
  const self = { key: name, name: displayName(name), members: [name] };
  const about = person ? [self, person] : [self];
  return {
    id: `card ${displayName(name)} ${number}`,
    from: start,
    end: start,
    words: '',
    text: `{${name}:${third}/${first}}`,
    about,
    asks: asks.map((text) => ({ text, about })),
    known: new Map([[name, { way: 'witnessed', at: { act: 0, scene: 0 } }]]),
    isOfCard: true,
  };
}

function self({ name }: CastMember, role: string): Omit<Told, 'person'> {
  const shown = displayName(name);
  return {
    third: `${shown} is ${thirdPerson(role, shown)}.`,
    first: `I am ${shown}, ${role}.`,
    asks: [
      `Who {${name}:is/are} {${name}}?`,
      `What is {${name}:'s} name?`,
      `What {${name}:is/are} {${name}}?`,
    ],
  };
}

function relationFact({ name }: CastMember, relation: CardRelation): Told {
  const shown = displayName(name);
  const words = relationWords(relation);
  const whom = displayName(relation.person);
  const { call } = relation;
  const asks = [
    `Who is {${relation.person}:me}?`,
    `Who is {${relation.person}:me} to {${name}:me}?`,
    ...(call?.startsWith('my ') ? [`Who is {${name}:'s} ${call.slice('my '.length)}?`] : []),
  ];
  return {
    third: `${whom} is ${thirdPerson(words, shown)}.`,
    first: `${whom} is ${words}.`,
    asks,
    person: { key: relation.person, name: whom, members: [] },
  };
}

/** "my mother's husband" as "Hamlet's mother's husband". */
function thirdPerson(words: string, shown: string): string {
  return words.replace(/\bmy\b/g, `${shown}'s`).replace(/\bme\b/g, shown);
}
