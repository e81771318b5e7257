import { randomUUID } from 'node:crypto';
import { open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf, unwritable } from './disk.ts';
import { makeFolder } from './make-folder.ts';

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
  const start = performance.now();
  let seen: { beat: string; at: number } | undefined;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 50)) {
    signal?.throwIfAborted();
    const token = await create(lock);
    if (token) return token;

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

async function create(lock: string): Promise<string | undefined> {
  const token = randomUUID();
  try {
    await makeFolder(dirname(lock));
    const file = await open(lock, 'wx');
    try {
      await file.write(JSON.stringify({ host: hostname(), pid: process.pid, token }));
    } finally {
      await file.close();
    }
    return token;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined;
    throw unwritable(lock, error);
  }
}

interface Holder {
  readonly host: string;
  /** 0 in the instant between the creation of a lock and the writing of its content. */
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

/** Whether a process of this host lives; one of another user counts. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return true; // not known, so not known to be dead
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
