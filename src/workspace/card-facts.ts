import type { Digest, DigestPerson } from '../memory/digests/digest.ts';
import { parseTemplate, personsOf } from '../memory/digests/template.ts';
import type { CardFact, CardRelation } from '../play/cast/character-card.ts';
import { displayName } from '../play/cast/display-name.ts';
import { parsePlace } from '../play/place.ts';
import type { CastMember, Play } from '../play/play.ts';
import { cardOf } from '../prompt/persona/card.ts';
import { cardRelations, relationWords } from '../prompt/persona/relations.ts';

/** A card tells of no line; what it says holds from the first one on. */
const start = { act: 1, scene: 1, line: 1 } as const;
/** Before the first scene. */
const beginning = { act: 0, scene: 0 } as const;

/**
 * What the cards of a play's characters say, as facts: who each is, who others are to them, and what else they know. Each
 * is known to the one whose card it is, and is found as a digest is: by itself and by the questions it answers.
 */
export function cardFacts(play: Play): Digest[] {
  return play.cast.flatMap((member) => {
    const card = cardOf(play, member);
    if (!card) return [];
    const relations = cardRelations(card).filter((relation) => relationWords(relation) !== '');
    return [
      fact(member, 0, { ...self(member, card.role), person: undefined }),
      ...relations.map((relation, i) => fact(member, i + 1, relationFact(member, relation))),
      ...(card.knowledge ?? []).map((known, i) =>
        knownFact(play, member, `${relations.length + 1 + i}`, known),
      ),
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
    known: new Map([[name, { way: 'witnessed', at: beginning }]]),
    isOfCard: true,
  };
}

/** A sentence of a card: with placeholders as digests have them, or in the character's own words. */
function knownFact(play: Play, member: CastMember, number: string, known: CardFact): Digest {
  const { name } = member;
  const shown = displayName(name);
  const hasPlaceholders = personsOf(parseTemplate(known.text)).length > 0;
  const text = hasPlaceholders ? known.text : told(known.text, name, firstPerson);
  const aboutIn = (template: string): DigestPerson[] =>
    personsOf(parseTemplate(template)).map((key) => ({
      key,
      name: displayName(key),
      members: play.cast.some((one) => one.name === key) ? [key] : [],
    }));
  const asks = (known.asks ?? []).map((ask) => told(ask, name, secondPerson));
  return {
    id: `card ${shown} ${number}`,
    from: start,
    end: start,
    words: '',
    text,
    about: aboutIn(text),
    asks: asks.map((ask) => ({ text: ask, about: aboutIn(ask) })),
    known: new Map([
      [name, { way: 'witnessed', at: known.since ? parsePlace(known.since) : beginning }],
    ]),
    isOfCard: true,
  };
}

/** Words for oneself in a first-person sentence, or for who is asked, each with the word about a third. */
type PersonWords = readonly (readonly [RegExp, (shown: string) => string])[];

const firstPerson: PersonWords = [
  [/\bI(?:'m|’m| am)\b/g, (shown) => `${shown} is`],
  [/\bI(?:'ve|’ve| have)\b/g, (shown) => `${shown} has`],
  [/\bI\b/g, (shown) => shown],
  [/\b[Mm]y\b/g, (shown) => `${shown}'s`],
  [/\b[Mm]ine\b/g, (shown) => `${shown}'s`],
  [/\b[Mm]e\b/g, (shown) => shown],
];
const secondPerson: PersonWords = [
  [/\b(?:are|Are) you\b/g, (shown) => `is ${shown}`],
  [/\b[Yy]ou are\b/g, (shown) => `${shown} is`],
  [/\b[Yy]our\b/g, (shown) => `${shown}'s`],
  [/\b[Yy]ours\b/g, (shown) => `${shown}'s`],
  [/\b[Yy]ou\b/g, (shown) => shown],
];

/** A character's own sentence, or a question put to it, as a template that gives it back as it stands to the character alone. */
function told(sentence: string, name: string, ways: PersonWords): string {
  const bare = sentence.replace(/[{}]/g, '');
  const all = new RegExp(ways.map(([{ source }]) => source).join('|'), 'g');
  return bare.replace(all, (own) => {
    const [, third] = ways.find(([way]) => new RegExp(`^(?:${way.source})$`).test(own))!;
    return `{${name}:${third(displayName(name))}/${own}}`;
  });
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
