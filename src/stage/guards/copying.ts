import { RunIndex } from '../../corpus/gates/run-index.ts';
import { type SharedRun, sharedRun } from '../../corpus/gates/shared-run.ts';
import { recitedRun } from '../../measure/text/copying.ts';
import type { Guard } from './guard.ts';

/**
 * Strikes eight words in a row of the play, whoever says them there and whenever, and of what another has said in the scene:
 * copying is copying.
 */
export const copying: Guard = {
  name: 'copying',
  judge({ who, text }, { play, heard }) {
    const recited = sharedRun(text, play.copied);
    if (isLong(recited))
      return { detail: `recites ${recited.length} words of ${recited.place}: “${recited.words}”` };
    const others = heard.filter((turn) => turn.who !== who);
    const run = sharedRun(text, new RunIndex(others.map((one) => ({ ...one, place: one.who }))));
    return isLong(run)
      ? { detail: `says ${run.length} words of ${run.place}: “${run.words}”` }
      : undefined;
  },
};

const isLong = (run: SharedRun | undefined): run is SharedRun =>
  run !== undefined && run.length >= recitedRun;
