import { openingOf } from '../said-again.ts';
import type { Guard } from './guard.ts';

/** Two turns of the plays' 1,787 are the third of eight to begin alike: "All hail", "Double, double". */
const lookBack = 7;
const most = 2;

/** Strikes a turn that begins with two words with which two of the seven before it do, whoever said them. */
export const opening: Guard = {
  name: 'opening',
  judge({ text }, { heard }) {
    const own = openingOf(text);
    if (own === undefined) return undefined;
    const before = heard.slice(-lookBack).filter((turn) => openingOf(turn.text) === own);
    return before.length >= most
      ? { detail: `begins as ${before.length} turns before it do: “${own}”` }
      : undefined;
  },
};
