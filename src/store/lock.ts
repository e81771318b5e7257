import { randomUUID } from 'node:crypto';
import { link, open, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf, unwritable } from './disk.ts';
import { defaultStaleMs, readHolder, removeStale } from './lock-file.ts';
import { makeFolder } from './make-folder.ts';
import { hasEnded, isRunning, thisProcess } from './process-identity.ts';
import { sweepOnce } from './sweep.ts';
import { temporaryPath } from './temporary.ts';

/** How often a holder renews the lock's time stamp. */
const heartbeatMs = 1_000;
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another holder. Default: 5 s more than `staleMs`, so that an abandoned lock is outlasted. */
  readonly timeoutMs?: number | undefined;
  /** A lock whose time stamp has not changed for so long, as seen by the waiter, is abandoned. Default: 10 s. */
  readonly staleMs?: number | undefined;
  /** Whether a holder that is known to run is not waited for. Default: false. */
  readonly refusesAtOnce?: boolean | undefined;
}

/** A lock while it is held. */
export interface Lease {
  /** Larger than that of every former holder: a writer that was stopped and is overtaken has the smaller one. */
  readonly fence: number;
  /**
   * Writers ask this right before they write: a holder that was stopped, or whose machine was asleep, is overtaken after ten
   * seconds and knows nothing of it.
   *
   * @throws {DramatisError} LOCKED if somebody else holds the lock now, or took it and has given it back.
   */
  requireHeld(): Promise<void>;
}

/**
 * Runs `task` while no other process, thread or host runs one under the same `path`.
 *
 * The lock is the file `path`.lock. Only one process can create it; it names the holder, and the holder renews its time
 * stamp every second. Locks of the operating system are not used, because on several network file systems everybody gets
 * them. If the holder is a process of the same table of processes that has ended, the lock is taken over at once; otherwise,
 * as in another container of the same host, after ten seconds without a new time stamp, measured by the waiter's own clock,
 * since clocks of two hosts differ.
 *
 * @throws {DramatisError} LOCKED, naming the holder, after `timeoutMs`.
 */
export async function withLock<T>(
  path: string,
  task: (lease: Lease) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await using lease = await holdLock(path, options);
  return await task(lease);
}

/**
 * Takes the lock that `withLock` takes, until it is disposed of: for what somebody owns as long as they like. It ends with
 * the process, too.
 *
 * @throws {DramatisError} LOCKED, naming the holder, after `timeoutMs`.
 */
export async function holdLock(
  path: string,
  {
    signal,
    staleMs = defaultStaleMs,
    timeoutMs = staleMs + 5_000,
    refusesAtOnce,
  }: LockOptions = {},
): Promise<Lease & AsyncDisposable> {
  const lock = `${path}.lock`;
  const mine = await acquire(lock, { signal, staleMs, timeoutMs, refusesAtOnce });
  const isMine = async (): Promise<boolean> => (await readHolder(lock))?.token === mine.token;
  const heart = setInterval(async () => {
    const now = new Date();
    // Whoever took it over has a heart of their own. If the disk is gone the task's own writes will fail.
    if (await isMine().catch(() => false)) await utimes(lock, now, now).catch(() => {});
  }, heartbeatMs);
  heart.unref();
  return {
    fence: mine.fence,
    async requireHeld() {
      if (await isMine()) return;
      throw new DramatisError(
        'LOCKED',
        `${lock} was taken over while this process stood still: nothing was written`,
        { remedy: 'Run the command again: another process went on in the meantime.' },
      );
    },
    async [Symbol.asyncDispose]() {
      clearInterval(heart);
      if (await isMine().catch(() => false)) await unlink(lock).catch(() => {});
    },
  };
}

/** Whether a process holds the lock on `path`, or may: one that has certainly ended does not. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(`${path}.lock`);
  return holder !== undefined && !hasEnded(holder);
}

type Waiting = LockOptions & { readonly staleMs: number; readonly timeoutMs: number };

async function acquire(
  lock: string,
  waiting: Waiting,
): Promise<{ readonly token: string; readonly fence: number }> {
  waiting.signal?.throwIfAborted();
  const token = randomUUID();
  // The content is written under another name first, so that even a process killed here leaves no lock without a holder.
  const ready = temporaryPath(lock);
  try {
    await makeFolder(dirname(lock));
    await sweepOnce(dirname(lock));
    let fence = 0;
    const create = async (former: number): Promise<boolean> => {
      const next = Math.max(former + 1, Date.now());
      const content = JSON.stringify({ ...thisProcess(), token, fence: next });
      await (fence === 0 ? writeNew : writeFile)(ready, content);
      fence = next;
      if (await createLock(lock, ready, content)) return true;
      // A network file system that repeats a request it has carried out answers that the lock is there: it is this one.
      return (await readHolder(lock))?.token === token;
    };
    await waitFor(create, lock, waiting);
    return { token, fence };
  } catch (error) {
    throw unwritable(lock, error);
  } finally {
    await unlink(ready).catch(() => {});
  }
}

async function waitFor(
  create: (formerFence: number) => Promise<boolean>,
  lock: string,
  { signal, staleMs, timeoutMs, refusesAtOnce }: Waiting,
): Promise<void> {
  const start = performance.now();
  let seen: { beat: string; at: number } | undefined;
  let former = 0;
  for (let pauseMs = 1; !(await create(former)); pauseMs = Math.min(pauseMs * 1.5, 50)) {
    signal?.throwIfAborted();
    const holder = await readHolder(lock);
    if (!holder) continue; // released meanwhile
    former = Math.max(former, holder.fence);
    const now = performance.now();
    if (holder.beat !== seen?.beat) seen = { beat: holder.beat, at: now };
    if (hasEnded(holder) || now - seen.at > staleMs) {
      await removeStale(lock, holder.beat, staleMs);
      continue;
    }
    if (now - start > timeoutMs || (refusesAtOnce && isRunning(holder))) {
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
async function createLock(lock: string, ready: string, content: string): Promise<boolean> {
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
