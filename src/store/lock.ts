import { randomUUID } from 'node:crypto';
import { link, open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf, unwritable } from './disk.ts';
import { makeFolder } from './make-folder.ts';
import { isAlive, temporaryPath } from './temporary.ts';

/** How often a holder renews the lock's time stamp. */
const heartbeatMs = 1_000;
/** Age at which a lock counts as abandoned: ten missed heartbeats, more than a busy event loop misses. */
const defaultStaleMs = 10_000;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another holder. Default: 5 s more than `staleMs`, so that an abandoned lock is outlasted. */
  readonly timeoutMs?: number | undefined;
  /** A lock whose time stamp has not changed for so long, as seen by the waiter, is abandoned. Default: 10 s. */
  readonly staleMs?: number | undefined;
}

/**
 * Runs `task` while no other process, thread or host runs one under the same `path`.
 *
 * The lock is the file `path`.lock. Only one process can create it; it names the holder's host and process, and the
 * holder renews its time stamp every second. Locks of the operating system are not used, because on several network file
 * systems everybody gets them. If the holder is a process of this host that has ended, the lock is taken over at once;
 * otherwise after ten seconds without a new time stamp, measured by the waiter's own clock, since clocks of two hosts
 * differ.
 *
 * @throws {DramatisError} LOCKED, naming the holder, after `timeoutMs`.
 */
export async function withLock<T>(
  path: string,
  task: () => Promise<T>,
  { signal, staleMs = defaultStaleMs, timeoutMs = staleMs + 5_000 }: LockOptions = {},
): Promise<T> {
  const lock = `${path}.lock`;
  const token = await acquire(lock, { signal, staleMs, timeoutMs });
  const heart = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => {}); // taken over, or the disk is gone: the task's own writes will fail
  }, heartbeatMs);
  heart.unref();
  try {
    return await task();
  } finally {
    clearInterval(heart);
    const holder = await readHolder(lock);
    if (holder?.token === token) await unlink(lock).catch(() => {});
  }
}

/** Whether a process holds the lock on `path`, or may: one of this host that has ended does not. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(`${path}.lock`);
  return holder !== undefined && !hasEnded(holder);
}

const hasEnded = ({ host, pid }: Holder): boolean => host === hostname() && !isAlive(pid);

async function acquire(
  lock: string,
  { signal, staleMs, timeoutMs }: LockOptions & { staleMs: number; timeoutMs: number },
): Promise<string> {
  signal?.throwIfAborted();
  const token = randomUUID();
  const content = JSON.stringify({ host: hostname(), pid: process.pid, token });
  // The content is written under another name first, so that even a process killed here leaves no lock without a holder.
  const ready = temporaryPath(lock);
  try {
    await makeFolder(dirname(lock));
    await writeNew(ready, content);
    await waitFor(() => create(lock, ready, content), lock, { signal, staleMs, timeoutMs });
    return token;
  } catch (error) {
    throw unwritable(lock, error);
  } finally {
    await unlink(ready).catch(() => {});
  }
}

async function waitFor(
  isMade: () => Promise<boolean>,
  lock: string,
  { signal, staleMs, timeoutMs }: LockOptions & { staleMs: number; timeoutMs: number },
): Promise<void> {
  const start = performance.now();
  let seen: { beat: string; at: number } | undefined;
  for (let pauseMs = 1; !(await isMade()); pauseMs = Math.min(pauseMs * 1.5, 50)) {
    signal?.throwIfAborted();
    const holder = await readHolder(lock);
    if (!holder) continue; // released meanwhile
    const now = performance.now();
    if (holder.beat !== seen?.beat) seen = { beat: holder.beat, at: now };
    if (hasEnded(holder) || now - seen.at > staleMs) {
      await removeStale(lock, holder.beat, staleMs);
      continue;
    }
    if (now - start > timeoutMs) {
      const who = holder.pid ? `process ${holder.pid} on ${holder.host}` : 'another process';
      throw new DramatisError('LOCKED', `${lock} is held by ${who}`);
    }
    // Uneven pauses, so that two waiters do not keep meeting.
    await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  }
}

/** Tries to create the lock; of several who try at once, one succeeds. The content is there from the start. */
async function create(lock: string, ready: string, content: string): Promise<boolean> {
  try {
    await link(ready, lock);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (!noHardLinks.has(errnoOf(error) ?? '')) throw error;
  }
  try {
    await writeNew(lock, content);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Errors by which file systems without hard links refuse one, exFAT among them. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Creates a file with this text, or leaves none behind. @throws EEXIST if it is there already. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.write(text);
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

interface Holder {
  readonly host: string;
  /** 0 while the content is not written yet, which happens only where there are no hard links. */
  readonly pid: number;
  readonly token: string;
  /** A text that changes with every heartbeat and every holder. */
  readonly beat: string;
}

async function readHolder(lock: string): Promise<Holder | undefined> {
  try {
    const [text, { mtimeMs, ino }] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]);
    const { host, pid, token } = parseHolder(text);
    return { host, pid, token, beat: `${token} ${ino} ${mtimeMs}` };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unwritable(lock, error);
  }
}

function parseHolder(text: string): Omit<Holder, 'beat'> {
  try {
    const { host, pid, token } = JSON.parse(text);
    return { host: String(host), pid: Number(pid) || 0, token: String(token) };
  } catch {
    return { host: '', pid: 0, token: '' };
  }
}

/**
 * Removes an abandoned lock, if it is still the one that was seen.
 *
 * Between looking and removing, another waiter may have taken the lock over, and that new lock must not be removed: so a
 * second file lets one waiter do this at a time.
 */
async function removeStale(lock: string, beat: string, staleMs: number): Promise<void> {
  const guard = `${lock}.takeover`;
  try {
    await (await open(guard, 'wx')).close();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw unwritable(guard, error);
    // Another waiter is removing it. If that one was killed here, its guard is removed once it is old.
    const age = await stat(guard).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > staleMs) await unlink(guard).catch(() => {});
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
