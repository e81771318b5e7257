import type { Play } from '../../play/play.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';

/**
 * How alike two texts of a play are by their words alone, 0 to 1: the cosine of their sets of words, each word
 * weighing the logarithm of how many speeches there are for one that has it.
 *
 * @see Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988.
 */
export function wordOverlap(play: Play): (one: string) => (other: string) => number {
  const weightOf = weights(play);
  const length = (set: ReadonlySet<string>): number =>
    Math.hypot(...Array.from(set, (word) => weightOf(word)));
  return (one) => {
    const known = new Set(words(one));
    const knownLength = length(known);
    return (other) => {
      const asked = new Set(words(other));
      let shared = 0;
      for (const word of asked) if (known.has(word)) shared += weightOf(word) ** 2;
      return shared === 0 ? 0 : shared / (knownLength * length(asked));
    };
  };
}

/** Natural logarithm of speeches / speeches with the word. */
function weights(play: Play): (word: string) => number {
  const turns = sceneTurns(play).flatMap((scene) => scene.turns);
  const speechesWith = new Map<string, number>();
  for (const { text } of turns)
    for (const word of new Set(words(text)))
      speechesWith.set(word, (speechesWith.get(word) ?? 0) + 1);
  return (word) => Math.log(turns.length / (speechesWith.get(word) ?? 1));
}
