import type { OpenedPlay } from '../../hub/plays.ts';
import type { Card } from '../../play/cast/character-card.ts';
import { displayName } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { addressesBy } from '../../prompt/persona/addresses.ts';
import { cardOf } from '../../prompt/persona/card.ts';
import { roleFromCast } from '../../prompt/persona/own-words.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { relationsOf } from '../../prompt/persona/relations.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { knownFacts } from '../digests/known-facts.ts';
import type { OpenedDigests } from '../open-digests.ts';
import type { CardText } from './read-card.ts';

/** Exchanges from the play that a card shows. */
const mostExamples = 5;

/**
 * The card of a character of a play, as a file: the hand-written one, or what cast list and speeches say, with the facts that
 * the character knows when all is over.
 */
export function cardOfCharacter(
  opened: Pick<OpenedPlay, 'play' | 'id'>,
  member: CastMember,
  digests: Pick<OpenedDigests, 'digests'> | undefined,
): CardText {
  const { play, id } = opened;
  const { name: _, role, ...card } = cardOf(play, member) ?? fromPlay(play, member);
  const examples = personaOf(play, member)
    .samples()
    .filter(({ asker }) => asker !== VISITOR)
    .slice(0, mostExamples)
    .map(({ cue, reply }) => ({ question: cue, reply }));
  const known = digests ? knownFacts(opened, digests.digests, { character: member }) : [];
  const knowledge = [...(card.knowledge ?? []), ...known.map(({ text }) => ({ text }))];
  return {
    format: 'dramatis-card',
    version: 1,
    play: id,
    ...(play.language !== undefined && { language: play.language }),
    ...(play.period !== undefined && { period: play.period }),
    name: displayName(member.name),
    ...(role !== '' && { role }),
    ...card,
    examples: [...(card.examples ?? []), ...examples],
    knowledge,
  };
}

function fromPlay(play: Play, member: CastMember): Card {
  const role = roleFromCast(member);
  return {
    name: member.name,
    role,
    others: relationsOf(play, member),
    addresses: addressesBy(play, member),
  };
}
