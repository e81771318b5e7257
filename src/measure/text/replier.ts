import { displayName } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { cardOf } from '../../prompt/persona/card.ts';
import { relationsOf } from '../../prompt/persona/relations.ts';
import type { Replier } from './reply-form.ts';

/** Titles that a name is told without; not "Lady", which mostly stands before the name of a husband. */
const title = /^(?:KING|QUEEN|PRINCE|PRINCESS|LORD|DUKE|DUCHESS|COUNT|EARL|SIR|OLD|YOUNG) (?=\S+$)/;

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
    calls: relationsOf(play, character).flatMap(({ call }) => call ?? []),
  };
}

/** "King Claudius" and "Claudius". */
function namesOf(play: Play, member: CastMember): string[] {
  const { name } = member;
  const all = [name, name.replace(title, ''), cardOf(play, member)?.name ?? name];
  return [...new Set(all.map(displayName))];
}
