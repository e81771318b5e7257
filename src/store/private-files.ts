import { chmod, stat } from 'node:fs/promises';
import { errnoOf, unwritable } from './disk.ts';
import { makeFolder } from './make-folder.ts';

/** Permissions of what only its owner may read. */
export const privateFile = 0o600;
const privateFolder = 0o700;

/**
 * Makes a folder that only its owner may enter; one that is there already is closed to others.
 *
 * @throws {DramatisError} STORE_UNWRITABLE
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder, privateFolder);
    await closeToOthers(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * Takes from everybody but the owner what they may do with a file or folder. Somebody else's is left as it is, and so is one
 * on a file system that is read-only or has no permissions.
 */
export async function closeToOthers(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0 || process.platform === 'win32') return;
  await chmod(path, mode & 0o700).catch((error: unknown) => {
    if (!['EPERM', 'EROFS', 'ENOTSUP'].includes(errnoOf(error) ?? '')) throw error;
  });
}
