import { statfs } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { unwritable } from '../store/disk.ts';
import { makeFolder } from '../store/make-folder.ts';

/**
 * Makes the folder, and sees that so much will fit, rather than fail at nine tenths of it.
 *
 * @throws {DramatisError} STORE_UNWRITABLE, with what is needed and what is free.
 */
export async function reserve(folder: string, bytes: number): Promise<void> {
  let free: number;
  try {
    await makeFolder(folder);
    const { bavail, bsize } = await statfs(folder);
    free = bavail * bsize;
  } catch (error) {
    throw unwritable(folder, error);
  }
  if (free < bytes) {
    throw new DramatisError(
      'STORE_UNWRITABLE',
      `${folder} has ${megabytes(free)} free, ${megabytes(bytes)} are needed`,
    );
  }
}

/** Such as "98.4 MB": a million bytes, as download pages count. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
