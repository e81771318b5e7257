import { sharedRun } from '../../corpus/gates/shared-run.ts';
import { recitedRun } from '../../measure/text/copying.ts';
import type { Guard } from './guard.ts';

/** Strikes eight words in a row of the play, whoever says them there and whenever: reciting is reciting. */
export const copying: Guard = {
  name: 'copying',
  judge({ text }, { play }) {
    const run = sharedRun(text, play.copied);
    return run && run.length >= recitedRun
      ? { detail: `recites ${run.length} words of ${run.place}: “${run.words}”` }
      : undefined;
  },
};
