import { displayName, listOf } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { tongueOf } from '../../play/tongue.ts';
import { exchangesOf } from '../exchanges.ts';
import type { Persona } from '../prompt.ts';
import type { PromptTemplate } from '../prompt-template.ts';
import { cardOf, isFull, wordsAt } from './card.ts';
import { ownWordsOf, roleFromCast } from './own-words.ts';
import { companionsOf, lastSeen } from './persona-from-play.ts';
import { relationSentence, toSecondPerson } from './relations.ts';

/** Who the character is: from a whole card in data/cards, or else from what the play itself tells. */
export function personaOf(play: Play, character: CastMember, template?: PromptTemplate): Persona {
  const card = cardOf(play, character);
  const full = isFull(card) ? card : undefined;
  const shown = displayName(full?.name ?? character.name);
  const role = full?.role ?? roleFromCast(character);
  const start = role === '' ? `You are ${shown}.` : `You are ${shown}, ${role}.`;
  return {
    ...(template && { template }),
    name: character.name,
    displayName: shown,
    playTitle: play.title,
    tongue: tongueOf(play),
    role,
    description: full ? `${start} ${full.manner}` : start,
    relations: full
      ? full.relations.map(relationSentence).map(toSecondPerson)
      : spokenWith(companionsOf(play, character.name)),
    own: ownWordsOf(play, character),
    situation: (at) => (full ? wordsAt(full.moments, at) : lastSeen(play, character.name, at)),
    samples: (at) => exchangesOf(play, character, at),
  };
}

function spokenWith(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`You speak most with ${listOf(names)}.`];
}
