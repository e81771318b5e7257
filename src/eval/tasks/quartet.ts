import { conversationTask } from './conversation.ts';
import { summaries } from './summaries.ts';

const leastSpeakers = 4;
const leastTurns = 8;

/**
 * How four people and more talk: whole scenes. It asks nothing; it is what transcripts of several characters are held
 * against.
 *
 * Originals, of all scenes with two speakers at least: turn Gini .35 in Hamlet and .24 in Macbeth, word Gini .53 and .42
 * (medians); of those with four, ABA .70 and .57. Baselines: round robin (Gini 0, ABA 0), whoever spoke before last
 * (ABA 1; all but two are silent), shuffled turns. ABA comes first: that schedulers and shuffled turns do not have it is
 * what must hold.
 *
 * @see Owen-Yang et al., "MPCEval", 2026, for what conversations of several are measured by.
 */
export const quartet = conversationTask(
  {
    name: 'quartet',
    version: 1,
    summary: summaries.quartet,
    invariants: [
      ['original', 'round robin'],
      ['original', 'shuffled'],
    ],
  },
  (scene) => {
    const speakers = new Set(scene.turns.map(({ speaker }) => speaker));
    return speakers.size >= leastSpeakers && scene.turns.length >= leastTurns ? [scene] : [];
  },
);
