import type { Stats } from 'node:fs';
import { lstat, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf, unreadable, unwritable } from './disk.ts';
import { hasEnded, type ProcessIdentity, thisProcess } from './process-identity.ts';

/** Age at which a lock counts as abandoned: ten missed heartbeats, more than a busy event loop misses. */
export const defaultStaleMs = 10_000;

/** The name of the file by which one waiter at a time removes an abandoned lock ends so. */
export const guardEnding = '.takeover';

/**
 * What a lock says of who holds it. The process id is 0 while the content is not written yet, which happens only where there
 * are no hard links.
 */
export interface Holder extends ProcessIdentity {
  /** Empty in a file that somebody else made. */
  readonly token: string;
  /** 0 for a holder of a former version. */
  readonly fence: number;
  /** Time of the last heartbeat, by the clock of whoever keeps the disk; in ms since 1970. */
  readonly changedMs: number;
  /** A text that changes with every heartbeat and every holder. */
  readonly beat: string;
}

/** Who holds a lock; undefined where there is none. @throws {DramatisError} STORE_UNREADABLE */
export async function readHolder(lock: string): Promise<Holder | undefined> {
  try {
    // No waiting helps where there is something that no program made a lock of; reading it might never end.
    const found = await lstat(lock);
    if (!found.isFile()) throw noLock(lock, found);
    const [text, { mtimeMs, ino }] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]);
    const holder = parseHolder(text);
    return { ...holder, changedMs: mtimeMs, beat: `${holder.token} ${ino} ${mtimeMs}` };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unreadable(lock, error);
  }
}

function noLock(lock: string, found: Stats): DramatisError {
  const kinds = [found.isSymbolicLink() && 'a link', found.isDirectory() && 'a folder'];
  const what = kinds.find((kind) => kind) || 'a device, a pipe or a socket';
  return new DramatisError('STORE_UNREADABLE', `${lock} is no lock: it is ${what}`, {
    remedy: 'Move it out of the way.',
  });
}

function parseHolder(text: string): Omit<Holder, 'beat' | 'changedMs'> {
  try {
    const { host, pid, boot, processes, start, token, fence } = JSON.parse(text);
    return {
      host: String(host),
      pid: Number(pid) || 0,
      boot: String(boot ?? ''),
      processes: String(processes ?? ''),
      start: String(start ?? ''),
      token: String(token ?? ''),
      fence: Number(fence) || 0,
    };
  } catch {
    return { host: '', pid: 0, boot: '', processes: '', start: '', token: '', fence: 0 };
  }
}

/**
 * Removes an abandoned lock, if it is still the one that was seen.
 *
 * Between looking and removing, another waiter may have taken the lock over, and that new lock must not be removed: so a
 * second file lets one waiter do this at a time. It names who that is, as a lock does.
 */
export async function removeStale(lock: string, beat: string, staleMs: number): Promise<void> {
  const guard = `${lock}${guardEnding}`;
  try {
    await writeFile(guard, JSON.stringify(thisProcess()), { flag: 'wx' });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw unwritable(guard, error);
    // Another waiter is removing it. If that one was killed here, its guard is removed.
    if (await isAbandonedGuard(guard, staleMs)) await unlink(guard).catch(() => {});
    await sleep(5);
    return;
  }
  try {
    const holder = await readHolder(lock);
    if (holder?.beat === beat) await unlink(lock).catch(() => {});
  } finally {
    await unlink(guard).catch(() => {});
  }
}

/**
 * Whether the waiter that made a guard was killed before it removed it. One that names nobody this machine knows is so once
 * it is old; one from the future is so too, since clocks are set back.
 */
export async function isAbandonedGuard(guard: string, staleMs: number): Promise<boolean> {
  const maker = await readHolder(guard).catch(() => undefined);
  if (!maker) return false;
  if (hasEnded(maker)) return true;
  return Math.abs(Date.now() - maker.changedMs) > staleMs;
}
