import type { CastMember, Play } from '../play/play.ts';
import type { Persona } from './prompt.ts';

/** The persona of a character: written notes for those in data/persons.json, else made from the play. */
export function personaOf(_play: Play, _character: CastMember): Persona {
  throw new TypeError('not written yet');
}
