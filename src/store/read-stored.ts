import { readFile, stat } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';

/**
 * The bytes of a file that the program keeps for itself. What is there in its place and no file is refused before it is read:
 * a pipe that nobody writes to, or a device, would never end.
 *
 * @throws {DramatisError} STORE_UNREADABLE for a folder, a device, a pipe or a socket; else what the system throws.
 */
export async function readStored(path: string): Promise<Buffer> {
  const stats = await stat(path);
  if (stats.isFile()) return readFile(path);
  const what = stats.isDirectory()
    ? 'a folder (EISDIR)'
    : 'a device, a pipe or a socket, not a file';
  throw new DramatisError('STORE_UNREADABLE', `cannot read ${path}: it is ${what}`, {
    remedy: 'Move it out of the way.',
  });
}
