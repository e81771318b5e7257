import type { UnknownWords } from '../../../memory/unknown-words.ts';
import type { Critic } from '../critic.ts';

/**
 * Objects to what gives away a fact that the character has not learnt at this point of the story.
 *
 * @param told Persona and all that others have said: its words may be said again.
 */
export function unknownCritic(unknown: UnknownWords, told: string): Critic {
  return {
    name: 'unknown',
    object({ text }) {
      const found = unknown.givenAway(text, told);
      if (!found) return undefined;
      const said = found.words.map((word) => `“${word}”`).join(', ');
      return {
        critic: 'unknown',
        reason: `gives away ${found.id}, which is not known here, by ${said}`,
        note: `Do not speak of ${said}: you have heard nothing of it.`,
      };
    },
  };
}
