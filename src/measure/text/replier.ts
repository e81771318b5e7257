import type { CardRelation } from '../../play/cast/character-card.ts';
import { displayName, withoutTitle } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { words } from '../../play/words.ts';
import { cardOf } from '../../prompt/persona/card.ts';
import { relationsOf, relationWords, toSecondPerson } from '../../prompt/persona/relations.ts';
import type { Replier } from './reply-form.ts';

/** A character as one who replies: whose faults of form are told by its names, by those of others, and by its relations. */
export function replierOf(play: Play, character: CastMember): Replier {
  const own = namesOf(play, character);
  const others = play.cast.filter((member) => member !== character);
  const held = (name: string): boolean => own.some((one) => ` ${name} `.includes(` ${one} `));
  return {
    names: own,
    namesakes: others
      .flatMap(({ name, aliases }) => [name, ...aliases].map(displayName))
      .filter((name) => held(name) && !own.includes(name)),
    labels: [...new Set(play.cast.flatMap((member) => namesOf(play, member)))],
    told: [...new Set(relationsOf(play, character).flatMap(toldOf))],
  };
}

/** Words for kin; "your friend" may be anybody's. */
const kin =
  /^my (?:\w+ )?(?:uncle|aunt|mother|father|brother|sister|son|daughter|wife|husband|nephew|niece)$/;
/** Length in words from which on a phrase is taken for the character's own: "the lady of your heart". */
const leastWords = 3;

/** "your uncle" and "your mother's husband" of "my uncle, now king and my mother's husband". */
function toldOf(relation: CardRelation): string[] {
  const phrases = relationWords(relation).split(/, | and (?=my )/);
  return [relation.call ?? '', ...phrases]
    .filter((one) => kin.test(one) || (/\bmy\b/.test(one) && words(one).length >= leastWords))
    .map(toSecondPerson);
}

/** "King Claudius" and "Claudius". */
function namesOf(play: Play, member: CastMember): string[] {
  const { name } = member;
  const all = [name, withoutTitle(name), cardOf(play, member)?.name ?? name];
  return [...new Set(all.map(displayName))];
}
