import { readFile } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { errnoOf } from './disk.ts';

/**
 * The bytes of a file that the user named.
 *
 * @throws {DramatisError} FILE_MISSING if it cannot be read.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (!errno) throw cause;
    const what = errno === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${errno}`;
    throw new DramatisError('FILE_MISSING', what, { cause });
  }
}
