import { type FileHandle, stat } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf, reasonOf } from './disk.ts';
import { openFile } from './open-file.ts';

/** More than any play, grammar or row file has: what is longer is something else, or has no end. */
export const mostInputBytes = 100e6;
const chunkBytes = 1 << 20;

/**
 * The bytes of a file that the user named: a file of up to 100 MB, or what comes through a pipe.
 *
 * @throws {DramatisError} FILE_MISSING if it cannot be read, if it is a folder or a device, or if it is longer.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    await using file = await openFile(path, 'r');
    const stats = await file.stat();
    if (stats.isDirectory()) throw unfit(path, 'it is a folder (EISDIR)');
    if (!stats.isFile() && !stats.isFIFO())
      throw unfit(path, 'it is a device or a socket, not a file');
    if (stats.size > mostInputBytes) throw tooLong(path);
    return await readAll(chunksOf(file), path);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (!errno || cause instanceof DramatisError) throw cause;
    const what =
      errno === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${reasonOf(cause)}`;
    throw new DramatisError('FILE_MISSING', what, { cause });
  }
}

/**
 * What comes from a stream whose end nobody knows, such as the standard input.
 *
 * @param name What a message calls it.
 * @throws {DramatisError} FILE_MISSING after 100 MB.
 */
export async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > mostInputBytes) throw tooLong(name);
    all.push(chunk);
  }
  return Buffer.concat(all);
}

/**
 * Refuses what has no bytes of its own or no end, such as /dev/zero or a folder, before it is read whole. What is not there, or
 * may not be looked at, is left to who reads it.
 *
 * @throws {DramatisError} FILE_MISSING for a folder, a device or a socket.
 */
export async function refuseDevice(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) throw unfit(path, 'it is a folder (EISDIR)');
  if (stats && !stats.isFile() && !stats.isFIFO())
    throw unfit(path, 'it is a device or a socket, not a file');
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

const tooLong = (name: string): DramatisError =>
  unfit(name, `it has more than ${mostInputBytes / 1e6} MB`);

function unfit(path: string, why: string): DramatisError {
  return new DramatisError('FILE_MISSING', `cannot read ${path}: ${why}`, {
    remedy: 'Give a text file of up to 100 MB, or pipe one in.',
  });
}
