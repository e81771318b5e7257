import type { CastMember, Play } from '../../play/play.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { exchangesOf } from '../exchanges.ts';
import type { Persona } from '../prompt.ts';
import type { PromptTemplate } from '../prompt-template.ts';
import { momentAt, notesOn } from './person-notes.ts';
import { companionsOf, lastSeen } from './persona-from-play.ts';

/** Who the character is: from the notes in data/persons.json, or else from what the play itself tells. */
export function personaOf(play: Play, character: CastMember, template?: PromptTemplate): Persona {
  const notes = notesOn(play, character);
  const shown = displayName(notes?.name ?? character.name);
  const role = notes?.role ?? asRole(character.description);
  const start = role === '' ? `You are ${shown}.` : `You are ${shown}, ${role}.`;
  return {
    ...(template && { template }),
    name: character.name,
    displayName: shown,
    playTitle: play.title,
    role,
    description: notes ? `${start} ${notes.manner}` : start,
    relations: notes
      ? notes.relations.map(([who, what]) => `${who} is ${what}.`)
      : companionsOf(play, character.name),
    situation: (at) => (notes ? momentAt(notes, at) : lastSeen(play, character.name, at)),
    samples: (at) => exchangesOf(play, character, at),
  };
}

/** "Prince of Denmark." → "prince of Denmark"; a name stays as it is. */
function asRole(description: string): string {
  const bare = description.replace(/[.;,\s]+$/, '').trim();
  return /^(?:Prince|King|Queen|Lord|Lady|Son|Daughter|A|An|The|Friend|Servant)\b/.test(bare)
    ? bare.charAt(0).toLowerCase() + bare.slice(1)
    : bare;
}
