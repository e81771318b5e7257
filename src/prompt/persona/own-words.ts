import type { CardAddress, CardRelation } from '../../play/cast/character-card.ts';
import { displayName } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import type { Address, OwnWords, Relation } from '../prompt.ts';
import { addressesBy } from './addresses.ts';
import { cardOf, wordsAt } from './card.ts';
import { companionsOf } from './persona-from-play.ts';
import { mainRelations, relationSentence, relationsOf } from './relations.ts';

/** Who a character is in its own words: by its card in data/cards, or else by the cast list and what is said in the play. */
export function ownWordsOf(play: Play, character: CastMember): OwnWords {
  const card = cardOf(play, character);
  const all = relationsOf(play, character);
  const main = new Set(mainRelations(card ?? { others: all }));
  return {
    role: card?.role ?? roleFromCast(character),
    relations: all.map((one) => told(one, main.has(one))),
    // Counted in the whole play where there is no card, so only when it is asked for.
    get addresses() {
      return addressesBy(play, character).map(addressTold);
    },
    get companions() {
      return companionsOf(play, character.name);
    },
    drives: (at) => ({
      want: wordsAt(card?.want, at),
      love: wordsAt(card?.love, at),
      hate: wordsAt(card?.hate, at),
      fear: wordsAt(card?.fear, at),
      serve: wordsAt(card?.serve, at),
    }),
  };
}

function told(relation: CardRelation, isMain: boolean): Relation {
  const { person, call = '', alone, more = '' } = relation;
  const name = displayName(person);
  const named = alone ? call : `${call} ${name}`.trimStart();
  return { name, named, call, more, sentence: relationSentence(relation), isMain };
}

function addressTold({ person, call = '', form }: CardAddress): Address {
  return { name: displayName(person), call, form };
}

/** "Prince of Denmark." → "prince of Denmark"; a name stays as it is. */
export function roleFromCast({ description }: CastMember): string {
  const bare = description.replace(/[.;,\s]+$/, '').trim();
  return /^(?:Prince|King|Queen|Lord|Lady|Son|Daughter|A|An|The|Friend|Servant)\b/.test(bare)
    ? bare.charAt(0).toLowerCase() + bare.slice(1)
    : bare;
}
