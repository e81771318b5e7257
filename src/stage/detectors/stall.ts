import { words } from '../../play/words.ts';
import type { Attempt } from './attempts.ts';
import type { Detector } from './detector.ts';

const restTurns = 3;
/** Turns from which on a median of their speed tells. */
const leastTimed = 5;
/** A turn that takes so many times longer a token than the others counts as no turn. */
const slowness = 10;

/** Turns of a model in a row in which nothing is said, or one word: then the speaker rests for three turns, and then the scene pauses. */
export const stall: Detector = {
  name: 'stall',
  read({ attempts }) {
    const going = attempts.findLastIndex((_, i) => !isStalled(attempts, i));
    const value = attempts.length - 1 - going;
    return value === 0 ? undefined : { value, who: attempts.at(-1)!.who };
  },
  act(_, { who }, before) {
    if (before > 0) return { do: 'pause', detail: 'stalled' };
    return { do: 'rest', who: who!, turns: restTurns };
  },
};

/** Whether a turn is a silence, one word, or ten times slower than the turns before it. */
export function isStalled(attempts: readonly Attempt[], at: number): boolean {
  const { text, msPerToken, playedBy } = attempts[at]!;
  if (playedBy !== 'model') return false;
  if (text === undefined || words(text).length < 2) return true;
  const timed = attempts.slice(0, at).flatMap((one) => one.msPerToken ?? []);
  if (msPerToken === undefined || timed.length < leastTimed) return false;
  const median = timed.sort((a, b) => a - b)[timed.length >> 1]!;
  return msPerToken > slowness * median;
}
