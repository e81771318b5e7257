import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun } from '../../corpus/gates/shared-run.ts';
import { repeatedRun, wholeOf } from '../said-again.ts';
import type { Guard } from './guard.ts';

/** Turns in which nobody says the same as somebody else, be it a word. */
const lookBack = 8;

/** Strikes five words in a row that the speaker has said before in the scene, and a turn that is one of the last eight again. */
export const repeat: Guard = {
  name: 'repeat',
  judge({ who, text }, { heard }) {
    const whole = wholeOf(text);
    const same = heard.slice(-lookBack).findLast((turn) => wholeOf(turn.text) === whole);
    if (same) return { detail: `says again what ${same.who} has just said: “${whole}”` };
    const own = heard.filter((turn) => turn.who === who);
    const said = new RunIndex(own.map((turn, i) => ({ place: String(i), text: turn.text })));
    const run = sharedRun(text, said);
    return run && run.length >= repeatedRun
      ? { detail: `says ${run.length} words again: “${run.words}”` }
      : undefined;
  },
};
