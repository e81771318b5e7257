import { echoOf } from '../said-again.ts';
import type { Guard } from './guard.ts';

/** Strikes what gives the last turn of another back: five words of it in a row, or most of its words. */
export const echo: Guard = {
  name: 'echo',
  judge({ who, text }, { heard }) {
    const last = heard.at(-1);
    const found = last && last.who !== who ? echoOf(text, last.text) : undefined;
    return found && { detail: found.detail };
  },
};
