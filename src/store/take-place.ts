import { rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { realDisk, syncFolder, unwritable } from './disk.ts';
import { openFile } from './open-file.ts';
import { sweepOnce } from './sweep.ts';

/**
 * Gives a file or folder that was made under a temporary name its own: a file is flushed first, and the new name is on the
 * disk when this resolves. A file takes the place of one that is there; a folder must not be there.
 *
 * @throws {DramatisError} STORE_UNWRITABLE
 */
export async function takePlace(made: string, target: string): Promise<void> {
  try {
    if ((await stat(made)).isFile()) {
      await using file = await openFile(made, 'r+');
      await file.sync();
    }
    const folder = dirname(resolve(target));
    await sweepOnce(folder);
    await rename(made, target);
    await syncFolder(folder, realDisk);
  } catch (error) {
    throw unwritable(target, error);
  }
}
