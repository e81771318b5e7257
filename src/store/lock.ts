import { randomUUID } from 'node:crypto';
import { link, open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf, unwritable } from './disk.ts';
import { makeFolder } from './make-folder.ts';
import { isAlive, temporaryPath } from './temporary.ts';

/** How often a holder shows that it lives. */
const heartbeatMs = 1_000;
/** Ten missed heartbeats: long enough for a busy event loop, short enough to wait for. */
const defaultStaleMs = 10_000;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another holder; the default outlasts a dead one on another host. */
  readonly timeoutMs?: number | undefined;
  /** A lock whose heartbeat has not been seen to move for so long is dead. */
  readonly staleMs?: number | undefined;
}

/**
 * Runs `task` while no other process, thread or host runs one under the same `path`.
 *
 * The lock is the file `path`.lock, created exclusively, with the holder's host and process in it
 * and a heartbeat in its time stamp. The advisory locks of the operating system are not used:
 * on several network file systems they succeed for everyone. The lock of a dead process of this
 * host is taken over at once, any other after ten seconds without a heartbeat, measured on the
 * waiter's own clock, since clocks of two hosts differ.
 *
 * @throws {DramatisError} LOCKED, naming the holder, when the wait is over.
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
    utimes(lock, now, now).catch(() => {}); // taken over or on a lost disk: the task's writes will tell
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

async function acquire(
  lock: string,
  { signal, staleMs, timeoutMs }: LockOptions & { staleMs: number; timeoutMs: number },
): Promise<string> {
  signal?.throwIfAborted();
  const token = randomUUID();
  const content = JSON.stringify({ host: hostname(), pid: process.pid, token });
  // Written before it gets the lock's name: a process killed at any instant leaves a lock that says whose it is.
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
    const dead = holder.host === hostname() && !isAlive(holder.pid);
    if (dead || now - seen.at > staleMs) {
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

/** Whether the lock is ours now: the name is given by one call, to one of those who try, content and all. */
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

/** What file systems without hard links answer, exFAT among them. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** @throws EEXIST if the file is there; one that could not be written whole is not left behind. */
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
  /** 0 where there are no hard links, between the creation of a lock and the writing of its content. */
  readonly pid: number;
  readonly token: string;
  /** Changes with every heartbeat and every holder. */
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
 * Removes a lock found dead, if it is still that one. Between looking and removing another waiter
 * may have taken it over, and its fresh lock must not be the one removed: so one waiter at a time.
 */
async function removeStale(lock: string, beat: string, staleMs: number): Promise<void> {
  const guard = `${lock}.takeover`;
  try {
    await (await open(guard, 'wx')).close();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw unwritable(guard, error);
    // Another waiter is at it. If it was killed right there, its guard is removed by age.
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
