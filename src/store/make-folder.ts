import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing; one that is there already is no error.
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
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder, { mode }).catch((again: unknown) => {
      if (again instanceof Error && 'code' in again && again.code === 'EEXIST') return;
      throw again;
    });
  }
}
