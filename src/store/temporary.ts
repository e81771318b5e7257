import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from './disk.ts';

const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '_');

/** Makes a name in the folder of `path` that no other process or host uses, and that says which process it belongs to. */
export function temporaryPath(path: string): string {
  const owner = `${host}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${owner}.tmp`);
}

/**
 * Removes the files and folders that processes of this host, killed since, left in `folder` under temporary names.
 *
 * @returns The names removed; those of other hosts and of living processes are left alone.
 */
export async function sweepTemporaries(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const dead = names.filter((name) => {
    const owner = /\.([A-Za-z0-9_]+)-(\d+)-[0-9a-f]{12}\.tmp$/.exec(name);
    return owner?.[1] === host && !isAlive(Number(owner[2]));
  });
  for (const name of dead) await rm(join(folder, name), { recursive: true, force: true });
  return dead;
}

/** Whether a process of this host is running, be it of another user. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return true; // no process id: nothing says that it has ended
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
