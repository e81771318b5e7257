import { circlesIn } from '../../actor/review/critics/fluency.ts';
import type { Guard } from './guard.ts';

/** Strikes what goes in circles. How surprising the model finds a draft is not asked: each would have to be read again. */
export const circles: Guard = {
  name: 'circles',
  judge({ text }) {
    const found = circlesIn(text);
    return found === undefined ? undefined : { detail: found };
  },
};
