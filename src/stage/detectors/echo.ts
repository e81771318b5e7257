import { displayName } from '../../play/cast/display-name.ts';
import { echoOf } from '../said-again.ts';
import type { Attempt } from './attempts.ts';
import { type Detector, lookBack } from './detector.ts';

/** Turns of the last eight that give the turn before back: then the speaker is to change the subject, and at last another speaks. */
export const echo: Detector = {
  name: 'echo',
  read({ attempts }) {
    const last = attempts.at(-1);
    // A person may say again what they like.
    if (!last || last.playedBy === 'human' || !isEcho(attempts, attempts.length - 1))
      return undefined;
    const start = Math.max(0, attempts.length - lookBack);
    const value = attempts.slice(start).filter((_, i) => isEcho(attempts, start + i)).length;
    return { value, who: last.who };
  },
  act(_, { who }, before) {
    if (before > 0) return { do: 'rest', who: who!, turns: 1 };
    return { do: 'note', text: changesSubject(who!) };
  },
};

/** A direction that breaks off what somebody was saying. */
export function changesSubject(who: string): string {
  return `${displayName(who)} changes the subject`;
}

/** Whether the turn at an index gives the one before it back, or is silent because its drafts did. */
export function isEcho(attempts: readonly Attempt[], at: number): boolean {
  const { who, text, struck } = attempts[at]!;
  if (text === undefined) return struck.at(-1)?.guard === 'echo';
  const before = attempts.slice(0, at).findLast((one) => one.text !== undefined);
  return before !== undefined && before.who !== who && echoOf(text, before.text!) !== undefined;
}
