import { fluencyCritic } from '../../actor/review/critics/fluency.ts';
import type { Guard } from './guard.ts';

const anything = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/** Strikes what goes in circles, and what the model finds less or more surprising than the speaker's own speeches. */
export const fluency: Guard = {
  name: 'fluency',
  judge({ text, natsPerToken = Number.NaN }, { band = anything }) {
    const objection = fluencyCritic(band).object({ text, natsPerToken });
    return objection && { detail: objection.reason };
  },
};
