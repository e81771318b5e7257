import type { Card, CardRelation } from '../../play/cast/character-card.ts';
import { displayName } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { cardOf, isNamed } from './card.ts';
import { relationsFromCast } from './relations-from-cast.ts';

/** How a character names a person when it tells of them: "my uncle", before the person's name or alone. */
export interface Call {
  readonly call: string;
  /** Whether the name follows: "my uncle Claudius", but "my father". */
  readonly withName: boolean;
}

/**
 * How a character names the persons of a play when it tells of them. The person is asked for by a name of the cast, or by
 * one that a digest file's header has ("KING HAMLET"); undefined for whoever the character calls by name alone.
 */
export function callsOf(play: Play, character: CastMember): (person: string) => Call | undefined {
  const relations = relationsOf(play, character);
  return (person) => {
    const found = relationTo(play, relations, person);
    return found?.call === undefined
      ? undefined
      : { call: found.call, withName: found.alone !== true };
  };
}

/** Whom a character is related to: by its hand-written card, or else by what the cast list says. */
export function relationsOf(play: Play, character: CastMember): readonly CardRelation[] {
  const card = cardOf(play, character);
  return card ? cardRelations(card) : relationsFromCast(play, character);
}

/** Relations that prompts tell where no card says which. */
const mostMain = 4;

/** Those whom prompts tell of. */
export function mainRelations({
  relations,
  others,
}: Pick<Card, 'relations' | 'others'>): readonly CardRelation[] {
  return relations ?? others.slice(0, mostMain);
}

export function cardRelations({ relations = [], others }: Card): readonly CardRelation[] {
  return [...relations, ...others];
}

function relationTo(
  { cast }: Play,
  relations: readonly CardRelation[],
  person: string,
): CardRelation | undefined {
  const exact = relations.find((relation) => relation.person === person);
  if (exact) return exact;
  const member = cast.find(({ name }) => name === person);
  return member && relations.find((relation) => isNamed(member, relation.person));
}

/** "my uncle, now king and my mother's husband"; empty if there is no more to say than a call that is told alone. */
export function relationWords({ call, alone, more, is }: CardRelation): string {
  return is ?? [...(call && !(alone && !more) ? [call] : []), ...(more ? [more] : [])].join(', ');
}

/** "Claudius is my uncle, now king and my mother's husband."; empty if there is nothing to tell. */
export function relationSentence(relation: CardRelation): string {
  const words = relationWords(relation);
  return words === '' ? '' : `${displayName(relation.person)} is ${words}.`;
}

/** A first-person sentence as it is said to whoever it is about: "my" is "your". */
export function toSecondPerson(sentence: string): string {
  const said: Readonly<Record<string, string>> = {
    my: 'your',
    mine: 'yours',
    me: 'you',
    I: 'you',
    am: 'are',
    myself: 'yourself',
  };
  return sentence.replace(
    /(?<![\w'’])(?:my|mine|me|I|am|myself)(?![\w'’])/g,
    (word) => said[word]!,
  );
}
