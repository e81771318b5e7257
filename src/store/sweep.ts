import { sweepLocks } from './lock.ts';
import { sweepTemporaries } from './temporary.ts';

/** Removes what processes that have ended left in a folder: temporary files, and locks. @returns The names removed. */
export async function sweep(folder: string): Promise<string[]> {
  return [...(await sweepTemporaries(folder)), ...(await sweepLocks(folder))];
}
