import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disk, type DiskFile, realDisk, syncFolder, unwritable, writeAll } from './disk.ts';
import { openFile } from './open-file.ts';
import { sweepOnce } from './sweep.ts';
import { temporaryPath } from './temporary.ts';

export type AtomicData = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface AtomicOptions {
  /** Permissions of the new file. Default: what the process's umask leaves. */
  readonly mode?: number | undefined;
  /** Asked right before the new content takes the place of the old: what it throws leaves the old content. */
  readonly confirm?: (() => Promise<void>) | undefined;
}

/**
 * Puts `data` under `path` so that a reader, a crash or a power cut finds either the old content
 * whole or the new content whole. When it resolves, the new content is on the disk.
 *
 * The data is written to a name of its own in the same folder, flushed, renamed, and the folder
 * flushed. The folder is made if it is missing; what killed processes left there is swept. If anything
 * fails the temporary file is removed and the old content stays. What is no file, such as a pipe, is written to as it is.
 *
 * @throws {DramatisError} STORE_UNWRITABLE, with the path and the system's reason.
 */
export async function writeAtomic(
  path: string,
  data: AtomicData,
  disk: Disk = realDisk,
  { mode, confirm }: AtomicOptions = {},
): Promise<void> {
  if (disk === realDisk && (await isSpecial(path))) return writeThrough(path, data);
  // A link stays one: what it leads to is replaced.
  const target = disk === realDisk ? await realpath(path).catch(() => path) : path;
  const folder = dirname(target);
  const temporary = temporaryPath(target);
  try {
    await disk.makeFolder(folder);
    await sweepOnce(folder);
    try {
      await writeDurably(temporary, data, disk, mode);
      await confirm?.();
      await disk.rename(temporary, target);
    } catch (error) {
      await disk.unlink(temporary).catch(() => {}); // the first failure is the one to report
      throw error;
    }
    await syncFolder(folder, disk);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Whether there is something that a file must not take the place of, such as /dev/null, /dev/stdout or a pipe. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function writeThrough(path: string, data: AtomicData): Promise<void> {
  try {
    await using file = await openFile(path, 'w');
    await write(file, data);
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function write(file: DiskFile, data: AtomicData): Promise<void> {
  if (typeof data === 'string') await writeAll(file, Buffer.from(data));
  else if (data instanceof Uint8Array) await writeAll(file, data);
  else for await (const part of data) await writeAll(file, part);
}

async function writeDurably(
  path: string,
  data: AtomicData,
  disk: Disk,
  mode?: number,
): Promise<void> {
  const file = await disk.open(path, 'wx', mode);
  try {
    await write(file, data);
    await file.sync();
  } finally {
    await file.close();
  }
}
