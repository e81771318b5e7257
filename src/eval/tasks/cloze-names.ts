import type { Source } from '../../corpus/source.ts';
import { properNames } from '../../play/proper-names.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';

/** A passage in which one name occurs, once. */
export interface NamePassage {
  readonly scene: string;
  readonly turn: Turn;
  /** The passage with "[MASK]" for the name. */
  readonly text: string;
  /** Such as "Horatio". */
  readonly name: string;
}

/** Words of a passage. */
const least = 12;
const most = 60;

/** One passage of each speech that has a name on its own. */
export function namePassagesOf({ play }: Source): NamePassage[] {
  const names = new Map(properNames(play).map(({ word }) => [word.toLowerCase(), word]));
  const nameIn = (word: string): string | undefined => names.get(words(word)[0] ?? '');
  return sceneTurns(play).flatMap(({ scene, turns }) =>
    turns.flatMap((turn): NamePassage[] => {
      const spoken = turn.text.split(' ');
      for (const [at, word] of spoken.entries()) {
        const name = nameIn(word);
        if (!name) continue;
        const from = Math.max(0, Math.min(at - most / 2, spoken.length - most));
        const passage = spoken.slice(from, from + most);
        const isOnly = passage.filter((one) => nameIn(one)).length === 1;
        if (!isOnly || passage.length < least) continue;
        const text = passage.map((one) => (nameIn(one) ? masked(one, name) : one)).join(' ');
        return [{ scene, turn, text, name }];
      }
      return [];
    }),
  );
}

function masked(word: string, name: string): string {
  return word.replace(new RegExp(name, 'i'), '[MASK]');
}

/**
 * The question whose answer is the name. The examples are of our own making, so that they say what is wanted and
 * nothing of any play.
 */
export function nameQuestion(text: string): string {
  return `In each passage one name is replaced by [MASK]. Say which name it is, in one word.

Passage: Come down, [MASK], and bring the lantern; the tide has reached the stair.
Name: Marta

Passage: I told the ferryman that [MASK] would pay him on the morrow, and he laughed.
Name: Bruno

Passage: ${text}
Name:`;
}

/** Whether an answer's first word is the name. */
export function namesRightly(answer: string, name: string): boolean {
  return words(answer)[0] === name.toLowerCase();
}
