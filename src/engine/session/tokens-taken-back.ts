import { takenBack } from '../native.ts';

/** How many of the last tokens a step takes back, by what it gave in place of a token; 0 if it takes none. */
export const tokensTakenBack = (token: number): number =>
  token <= takenBack ? takenBack + 1 - token : 0;
