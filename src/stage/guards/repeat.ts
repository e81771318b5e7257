import { RunIndex } from '../../corpus/gates/run-index.ts';
import { type SharedRun, sharedRun } from '../../corpus/gates/shared-run.ts';
import { words } from '../../play/words.ts';
import { repeatedRun, wholeOf } from '../said-again.ts';
import type { Guard, SaidTurn } from './guard.ts';

/** Turns that nobody says again, be it a word, and that their speaker's next ones are not mostly made of. */
const lookBack = 8;
/** In words, and as a share of a turn: such a run makes a turn an earlier one with a word changed. */
const mostly = { words: 3, share: 0.6 };

/**
 * Strikes five words in a row that the speaker has said before in the scene, a turn of theirs with one word changed, and a
 * turn that is one of the last eight again.
 */
export const repeat: Guard = {
  name: 'repeat',
  judge({ who, text }, { heard }) {
    const lately = heard.slice(-lookBack);
    const whole = wholeOf(text);
    const same = lately.findLast((turn) => wholeOf(turn.text) === whole);
    if (same) return { detail: `says again what ${same.who} has just said: “${whole}”` };
    const isOwn = (turn: SaidTurn): boolean => turn.who === who;
    const ownTurns = heard.filter(isOwn);
    const own = runIn(text, ownTurns);
    if (own && own.length >= repeatedRun)
      return { detail: `says ${own.length} words again: “${own.words}”` };
    const now = words(text);
    const varied = ownTurns.find((turn) => isOneWordOff(words(turn.text), now));
    if (varied) return { detail: `says again with a word changed: “${wholeOf(varied.text)}”` };
    const run = runIn(text, lately.filter(isOwn));
    if (!run || run.length < mostly.words) return undefined;
    return run.length >= mostly.share * now.length
      ? { detail: `says little but what was just said: “${run.words}”` }
      : undefined;
  },
};

/** Whether five words or more are others with one put in, left out or changed. */
function isOneWordOff(before: readonly string[], now: readonly string[]): boolean {
  const most = Math.max(before.length, now.length);
  const least = Math.min(before.length, now.length);
  if (most < repeatedRun) return false;
  let ahead = 0;
  while (ahead < least && before[ahead] === now[ahead]) ahead++;
  let behind = 0;
  while (behind < least - ahead && before.at(-1 - behind) === now.at(-1 - behind)) behind++;
  return ahead + behind >= most - 1;
}

/** The longest run of words of a text that one of some turns has. */
function runIn(text: string, turns: readonly SaidTurn[]): SharedRun | undefined {
  return sharedRun(
    text,
    new RunIndex(turns.map((turn, i) => ({ place: String(i), text: turn.text }))),
  );
}
