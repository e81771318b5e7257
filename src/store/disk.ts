import { rename, unlink } from 'node:fs/promises';
import { constants } from 'node:os';
import { DramatisError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { openFile } from './open-file.ts';

/** The part of an open file that storing needs; Node's `FileHandle` is one. */
export interface DiskFile {
  write(data: Uint8Array): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  /** Returns once the bytes survive a power cut (fsync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The part of `node:fs/promises` that storing needs: tests pass one that fails or loses power. */
export interface Disk {
  /** @param mode Permissions, if the file is made. */
  open(path: string, flags: string, mode?: number): Promise<DiskFile>;
  rename(from: string, to: string): Promise<unknown>;
  unlink(path: string): Promise<unknown>;
  /** Makes a folder, with every folder above it that is missing. */
  makeFolder(path: string, mode?: number): Promise<unknown>;
}

export const realDisk: Disk = {
  open: (path, flags, mode) => openFile(path, flags, mode),
  ...{ rename, unlink, makeFolder },
};

/**
 * The system's name of an error, such as `ENOSPC`; undefined if it is not one of the system's.
 *
 * Node calls those that its library has no name for "Unknown system error -122": a quota that is used up (EDQUOT) and a file
 * that a network file system has lost (ESTALE) are among them.
 */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return undefined;
  const number = Number(/^Unknown system error -(\d+)$/.exec(code)?.[1]);
  if (number > 0)
    return Object.entries(constants.errno).find(([, n]) => n === number)?.[0] ?? 'EIO';
  return /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open in this process',
  ENFILE: 'too many files are open on this machine',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'there is no such device',
  ELOOP: 'its links lead in a circle',
  ESTALE: 'the network file system has lost it',
  EFBIG: 'the file would be larger than is allowed',
  ENOTEMPTY: 'another program has written there meanwhile',
  ENOTDIR: 'a part of the path is a file, not a folder',
};

/** The error to throw for a failed write to `path`: STORE_UNWRITABLE for a system error, any other as it is. */
export function unwritable(path: string, error: unknown): unknown {
  if (!errnoOf(error) || error instanceof DramatisError) return error;
  const message = `cannot write ${path}: ${reasonOf(error)}`;
  return new DramatisError('STORE_UNWRITABLE', message, { cause: error });
}

/**
 * The error to throw for a failed read of `path`: STORE_UNREADABLE for a system error, any other as it is. The file is there
 * and whole as far as anybody knows, so nothing is to be moved or made anew.
 */
export function unreadable(path: string, error: unknown): unknown {
  if (!errnoOf(error) || error instanceof DramatisError) return error;
  const message = `cannot read ${path}: ${reasonOf(error)}`;
  return new DramatisError('STORE_UNREADABLE', message, { cause: error });
}

/** What a system error says, in words and by its name: "the disk is full (ENOSPC)". */
export function reasonOf(error: unknown): string {
  const errno = errnoOf(error);
  if (!errno) return error instanceof Error ? error.message : String(error);
  const reason = reasons[errno];
  return reason ? `${reason} (${errno})` : errno;
}

/** Writes all of `data`: one call of `write` may write only a part. */
export async function writeAll(file: DiskFile, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length; ) {
    const { bytesWritten } = await file.write(data.subarray(at));
    at += bytesWritten;
  }
}

/** Flushes a folder's names to the disk, where the file system can do that: a rename then survives a power cut. */
export async function syncFolder(path: string, disk: Disk): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const folder = await disk.open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems cannot: they fail with one of these, and keep renames in order themselves.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}
