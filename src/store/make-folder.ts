import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openFile } from './open-file.ts';

/**
 * Makes a folder and those above it that are missing; one that is there already is no error. The names of those made are
 * flushed to the disk: what is kept in a folder that a power cut takes away is lost, however well it was flushed itself.
 *
 * Not `mkdir(…, { recursive: true })`: Node 20's never returns where a parent exists and still answers
 * ENOENT, as /proc does and some network file systems do.
 *
 * @param mode Permissions of the folder itself, if it is made. Default: what the process's umask leaves.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder, { mode }).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
  await flushNames(dirname(folder));
}

/** Flushes the names in a folder, where the file system and the permissions allow it. */
async function flushNames(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  try {
    await using parent = await openFile(folder, 'r');
    await parent.sync();
  } catch (error) {
    if (!notFlushable.has(codeOf(error) ?? '')) throw error;
  }
}

/** Network file systems that keep names in order themselves, and folders that may be written but not read. */
const notFlushable = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EACCES', 'EPERM']);

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
