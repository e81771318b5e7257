import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where tests of real plays and models keep what they fetch, from one run to the next: `DRAMATIS_HOME`, or a folder
 * of their own in the user's cache.
 */
export const home =
  process.env.DRAMATIS_HOME ??
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dramatis', 'journeys');
