import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun } from '../../corpus/gates/shared-run.ts';
import { repeatedRun } from '../said-again.ts';
import type { Guard } from './guard.ts';

/** Strikes five words in a row that the speaker has said before in the scene. */
export const repeat: Guard = {
  name: 'repeat',
  judge({ who, text }, { heard }) {
    const own = heard.filter((turn) => turn.who === who);
    const said = new RunIndex(own.map((turn, i) => ({ place: String(i), text: turn.text })));
    const run = sharedRun(text, said);
    return run && run.length >= repeatedRun
      ? { detail: `says ${run.length} words again: “${run.words}”` }
      : undefined;
  },
};
