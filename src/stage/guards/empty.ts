import type { Guard } from './guard.ts';

/** Strikes what has no word, such as “108”. One word is fine: a fiftieth of the plays' turns have no more. */
export const empty: Guard = {
  name: 'empty',
  judge: ({ text }) => (/\p{L}/u.test(text) ? undefined : { detail: 'says nothing' }),
};
