import type { Place } from '../../play/play.ts';
import type { Persona } from '../prompt.ts';

/** Every text that a template may tell of a persona at a point of the story, but for exchanges from the play. */
export function personaTexts(persona: Persona, at?: Place): string[] {
  const { description, relations, own } = persona;
  const { role = '', addresses = [] } = own ?? {};
  return [
    description,
    ...relations,
    persona.situation(at),
    role,
    ...(own?.relations ?? []).flatMap(({ sentence, named }) => [sentence, named]),
    ...addresses.map(({ call }) => call),
    ...Object.values(own?.drives(at) ?? {}),
  ].filter((text) => text !== '');
}
