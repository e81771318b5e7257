import { RunIndex } from '../../../corpus/gates/run-index.ts';
import { sharedRun } from '../../../corpus/gates/shared-run.ts';

import type { Critic } from '../critic.ts';

/** In words: speeches of other scenes share at most six in a row, so that eight were taken from the text. */
const recitedRun = 8;
const echoedRun = 7;

/**
 * Objects to reciting the play and to giving the visitor their words back.
 *
 * @param play Of all speeches, held out or not: reciting is reciting.
 */
export function copyingCritic(play: RunIndex, question: string): Critic {
  const asked = new RunIndex([{ place: 'question', text: question }]);
  return {
    name: 'copying',
    object({ text }) {
      const recited = sharedRun(text, play);
      if (recited && recited.length >= recitedRun) {
        return {
          critic: 'copying',
          reason: `recites ${recited.length} words of ${recited.place}: “${recited.words}”`,
          note: 'Say it in new words, not in those of the play.',
        };
      }
      const echoed = sharedRun(text, asked);
      if (!echoed || echoed.length < echoedRun) return undefined;
      return {
        critic: 'copying',
        reason: `gives the question back: “${echoed.words}”`,
        note: 'Answer; do not repeat the question.',
      };
    },
  };
}
