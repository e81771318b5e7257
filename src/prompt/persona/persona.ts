import type { Card } from '../../play/cast/character-card.ts';
import { displayName, listOf } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { tongueOf } from '../../play/tongue.ts';
import { exchangesOf } from '../exchanges.ts';
import { type Exchange, type Persona, VISITOR } from '../prompt.ts';
import type { PromptTemplate } from '../prompt-template.ts';
import { cardOf, isFull, wordsAt } from './card.ts';
import { ownWordsOf, roleFromCast } from './own-words.ts';
import { companionsOf, lastSeen } from './persona-from-play.ts';
import { mainRelations, relationSentence, toSecondPerson } from './relations.ts';

/** Who the character is: from a whole card in data/cards, or else from what the play itself tells. */
export function personaOf(play: Play, character: CastMember, template?: PromptTemplate): Persona {
  const card = cardOf(play, character);
  const told = character.card ?? (isFull(card) ? card : undefined);
  const shown = displayName(told?.name ?? character.name);
  const role = told?.role ?? roleFromCast(character);
  const start = role === '' ? `You are ${shown}.` : `You are ${shown}, ${role}.`;
  return {
    ...(template && { template }),
    name: character.name,
    displayName: shown,
    playTitle: play.title,
    tongue: tongueOf(play),
    role,
    description: told?.manner ? `${start} ${told.manner}` : start,
    relations: told
      ? mainRelations(told).map(relationSentence).map(toSecondPerson)
      : spokenWith(companionsOf(play, character.name)),
    own: ownWordsOf(play, character),
    situation: (at) =>
      told?.moments ? wordsAt(told.moments, at) : lastSeen(play, character.name, at),
    samples: (at) => [...shownBy(character.card), ...exchangesOf(play, character, at)],
  };
}

/** What a card of the user's own shows of how the character speaks. */
function shownBy({ examples = [], greeting }: Partial<Card> = {}): Exchange[] {
  return [
    ...examples.map(({ question, reply }) => ({ asker: VISITOR, cue: question, reply })),
    ...(greeting === undefined ? [] : [{ asker: VISITOR, cue: 'Good day.', reply: greeting }]),
  ];
}

function spokenWith(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`You speak most with ${listOf(names)}.`];
}
