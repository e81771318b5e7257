import type { Values } from '../measure/row.ts';
import { recites } from '../measure/text/copying.ts';
import { alphabet } from '../stage/guards/alphabet.ts';
import { label } from '../stage/guards/label.ts';
import { mask } from '../stage/guards/mask.ts';
import { promptWords } from '../stage/guards/prompt-words.ts';
import type { SceneTurn } from './task.ts';
import type { ConversationFacts } from './turn-measures.ts';

/** Guards that object to what no speech of Hamlet or Macbeth has. */
const formGuards = [label, alphabet, promptWords, mask];

/**
 * Turns that guards of a stage object to whoever speaks them: labels, prompts and words of other times are out of form; eight
 * words of another scene of the play are copied.
 */
export function hygiene(
  turns: readonly SceneTurn[],
  { guarded, scene }: Pick<ConversationFacts, 'guarded' | 'scene'>,
): Values {
  const said = turns.map(({ speaker, text }) => ({ who: speaker, text }));
  const isOutOfForm = (_: unknown, i: number): boolean =>
    formGuards.some(({ judge }) => judge(said[i]!, { play: guarded, heard: said.slice(0, i) }));
  return {
    'turns out of form': turns.filter(isOutOfForm).length,
    'turns copied': turns.filter(({ text }) => recites(text, guarded.copied, scene)).length,
  };
}
