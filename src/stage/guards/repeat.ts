import { RunIndex } from '../../corpus/gates/run-index.ts';
import { type SharedRun, sharedRun } from '../../corpus/gates/shared-run.ts';
import { words } from '../../play/words.ts';
import { repeatedRun, wholeOf } from '../said-again.ts';
import type { Guard, SaidTurn } from './guard.ts';

/** Turns that nobody says again, be it a word, and that their speaker's next ones are not mostly made of. */
const lookBack = 8;
/** In words, and as a share of a turn: such a run makes a turn an earlier one with a word changed. */
const mostly = { words: 3, share: 0.6 };

/** Strikes five words in a row that the speaker has said before in the scene, and a turn that is one of the last eight again. */
export const repeat: Guard = {
  name: 'repeat',
  judge({ who, text }, { heard }) {
    const lately = heard.slice(-lookBack);
    const whole = wholeOf(text);
    const same = lately.findLast((turn) => wholeOf(turn.text) === whole);
    if (same) return { detail: `says again what ${same.who} has just said: “${whole}”` };
    const isOwn = (turn: SaidTurn): boolean => turn.who === who;
    const own = runIn(text, heard.filter(isOwn));
    if (own && own.length >= repeatedRun)
      return { detail: `says ${own.length} words again: “${own.words}”` };
    const run = runIn(text, lately.filter(isOwn));
    if (!run || run.length < mostly.words) return undefined;
    return run.length >= mostly.share * words(text).length
      ? { detail: `says little but what was just said: “${run.words}”` }
      : undefined;
  },
};

/** The longest run of words of a text that one of some turns has. */
function runIn(text: string, turns: readonly SaidTurn[]): SharedRun | undefined {
  return sharedRun(
    text,
    new RunIndex(turns.map((turn, i) => ({ place: String(i), text: turn.text }))),
  );
}
