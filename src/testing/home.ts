import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where tests of real plays and models keep what they fetch, from one run to the next: `DRAMATIS_HOME`, or a folder
 * of their own in the user's cache.
 */
export const fetched =
  process.env.DRAMATIS_HOME ??
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dramatis', 'journeys');

/**
 * Processors that this project's workers share out, one each; none where its files run one after the other. A list with
 * commas, of .config/vitest.ts.
 */
export const processors = (process.env.TEST_PROCESSORS ?? '').split(',').filter(Boolean);

/** The home of the tests of this process: that of what was fetched, or one of the worker's own beside others. */
export const home =
  processors.length > 1 ? join(fetched, 'workers', process.env.VITEST_POOL_ID ?? '1') : fetched;
