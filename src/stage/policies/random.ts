import { drawing, even } from './draw.ts';

/** Any of those on stage, all alike likely. */
export const random = drawing('random', (_, candidates) => even(candidates));
