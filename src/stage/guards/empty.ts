import { words } from '../../play/words.ts';
import type { Guard } from './guard.ts';

/** Strikes what has no word. One word is fine: a fiftieth of the plays' turns have no more. */
export const empty: Guard = {
  name: 'empty',
  judge: ({ text }) =>
    words(text).length > 0 || /\p{L}/u.test(text) ? undefined : { detail: 'says nothing' },
};
