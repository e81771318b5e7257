import { fsync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Opens a file that can be flushed to the disk and that `await using` closes. Yarn's Plug'n'Play puts functions of its own
 * in place of Node's, and the files that those open can do neither.
 *
 * @param flags      As Node's `open` takes them, such as "r".
 * @param mode       Permissions, if the file is made.
 * @param isReplaced Whether Node's functions are replaced.
 */
export async function openFile(
  path: string,
  flags: string,
  mode?: number,
  isReplaced = process.versions.pnp !== undefined,
): Promise<FileHandle> {
  const file = await open(path, flags, mode);
  if (!isReplaced) return file;
  return Object.defineProperties(file, {
    sync: { value: () => promisify(fsync)(file.fd) },
    [Symbol.asyncDispose]: { value: () => file.close() },
  });
}
