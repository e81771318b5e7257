import { phrasesIn } from '../../../steer/levers/anachronism-ban.ts';
import type { Critic } from '../critic.ts';

/** Objects to words of later times and phrases of assistants, unless the visitor said them first. */
export function anachronismCritic(listed: readonly string[], question: string): Critic {
  const asked = new Set(phrasesIn(question, listed));
  return {
    name: 'anachronism',
    object({ text }) {
      const found = phrasesIn(text, listed).filter((phrase) => !asked.has(phrase));
      if (found.length === 0) return undefined;
      const said = found.map((phrase) => `“${phrase}”`).join(', ');
      return {
        critic: 'anachronism',
        reason: `says ${said}`,
        note: `Do not say ${said}; nobody does in your time.`,
      };
    },
  };
}
