import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  defaultStaleMs,
  guardEnding,
  isAbandonedGuard,
  readHolder,
  removeStale,
} from './lock-file.ts';
import { hasEnded } from './process-identity.ts';
import { abandonedMs, sweepTemporaries } from './temporary.ts';

/**
 * Removes what processes that have ended left in a folder: temporary files, and locks. What cannot be removed, as on a
 * read-only disk or where it is another user's, stays.
 *
 * @returns The names removed.
 */
export async function sweep(folder: string): Promise<string[]> {
  return [...(await sweepTemporaries(folder)), ...(await sweepLocks(folder))];
}

const swept = new Map<string, Promise<unknown>>();

/** Sweeps a folder before the first thing that this process writes there; later calls wait for that one. */
export async function sweepOnce(folder: string): Promise<void> {
  let first = swept.get(folder);
  if (!first) {
    first = sweep(folder);
    swept.set(folder, first);
  }
  await first;
}

async function sweepLocks(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const removed: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const isRemoved = await (name.endsWith('.lock')
      ? sweepLock(path)
      : name.endsWith(`.lock${guardEnding}`) && sweepGuard(path));
    if (isRemoved) removed.push(name);
  }
  return removed;
}

/** Removes a lock whose holder has ended, or that had no heartbeat for a day, whichever machine it was of. */
async function sweepLock(lock: string): Promise<boolean> {
  try {
    const holder = await readHolder(lock);
    if (!holder?.token || holder.pid === 0) return false; // none, or not one of ours
    if (!hasEnded(holder) && Date.now() - holder.changedMs < abandonedMs) return false;
    await removeStale(lock, holder.beat, defaultStaleMs);
    return true;
  } catch {
    return false;
  }
}

/** Removes what a process left that was killed while it removed a lock. */
async function sweepGuard(guard: string): Promise<boolean> {
  if (!(await isAbandonedGuard(guard, defaultStaleMs))) return false;
  return unlink(guard).then(
    () => true,
    () => false,
  );
}
