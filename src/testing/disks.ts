import { statSync, truncateSync } from 'node:fs';
import { type Disk, type DiskFile, realDisk } from '../store/disk.ts';

/** A system error as Node throws it. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

export interface FaultyDisk extends Disk {
  /** Calls made so far, in order, such as "write" or "rename". */
  readonly calls: string[];
}

/**
 * The real disk, but the call with this number fails with `code` and nothing done; a write does half of
 * its work first, as a full disk does.
 */
export function faultyDisk(failAt: number, code: string): FaultyDisk {
  const calls: string[] = [];
  const fails = (name: string): boolean => {
    calls.push(name);
    return calls.length - 1 === failAt;
  };
  const call =
    <A extends unknown[], R>(name: string, real: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      fails(name) ? Promise.reject(systemError(code)) : real(...args);
  const wrap = (file: DiskFile): DiskFile => ({
    async write(data) {
      if (!fails('write')) return file.write(data);
      await file.write(data.subarray(0, data.length >> 1));
      throw systemError(code);
    },
    truncate: call('truncate', (length: number) => file.truncate(length)),
    sync: call('sync', () => file.sync()),
    close: () => file.close(), // never fails: it releases the descriptor of the test
  });
  return {
    calls,
    open: call('open', async (path: string, flags: string) =>
      wrap(await realDisk.open(path, flags)),
    ),
    rename: call('rename', realDisk.rename),
    unlink: realDisk.unlink, // clean-up after the fault
    makeFolder: call('makeFolder', realDisk.makeFolder),
  };
}

/** Thrown by every call of a disk whose power is gone. */
class PowerCut extends Error {}

/**
 * The real disk, whose power is cut at the call with this number: from then on nothing works, and at
 * that instant every file written loses what was not flushed.
 *
 * Renames survive, which is the harsher case: a rename before the flush of the file's data leaves an
 * empty file under the good name.
 */
export function dyingDisk(cutAt: number): Disk & { readonly isCut: () => boolean } {
  let calls = 0;
  let cut = false;
  const files = new Set<{ path: string; length: number; synced: number }>();
  const tick = (): void => {
    if (cut) throw new PowerCut('no power');
    if (calls++ < cutAt) return;
    cut = true;
    for (const { path, length, synced } of files) if (synced < length) truncateSync(path, synced);
    throw new PowerCut('power cut');
  };
  return {
    isCut: () => cut,
    async open(path, flags) {
      tick();
      const file = await realDisk.open(path, flags);
      const isFolder = flags === 'r';
      const length = isFolder ? 0 : statSync(path).size;
      const entry = { path, length, synced: length };
      if (!isFolder) files.add(entry);
      return {
        async write(data) {
          tick();
          entry.length += data.length;
          return file.write(data);
        },
        async truncate(to) {
          tick();
          await file.truncate(to);
          entry.length = to;
          entry.synced = Math.min(entry.synced, to);
        },
        async sync() {
          tick();
          await file.sync();
          entry.synced = entry.length;
        },
        close: () => file.close(),
      };
    },
    async rename(from, to) {
      tick();
      await realDisk.rename(from, to);
      for (const entry of files) if (entry.path === from) entry.path = to;
    },
    async unlink(path) {
      if (cut) throw new PowerCut('no power');
      await realDisk.unlink(path);
      for (const entry of files) if (entry.path === path) files.delete(entry);
    },
    async makeFolder(path) {
      tick();
      return realDisk.makeFolder(path);
    },
  };
}
