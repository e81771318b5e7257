import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hasEnded, thisProcess } from './process-identity.ts';
import { sha256 } from './sha256.ts';

const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '_');
/** What nobody has written to for so long is of nobody, whichever container of this host made it. */
export const abandonedMs = 24 * 3600_000;
/** What another host made may be written longer ago, as clocks differ; each container may have a host name of its own. */
const abandonedElsewhereMs = 7 * abandonedMs;

/** Makes a name in the folder of `path` that no other process or host uses, and that says which process it belongs to. */
export function temporaryPath(path: string): string {
  const { pid, start } = thisProcess();
  const owner = `${host}-${table()}-${pid}-${start || 0}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${owner}.tmp`);
}

/**
 * Removes the files and folders that processes killed since left in `folder` under temporary names: those of this table of
 * processes at once, those of another container of this host when a day old, those of another host when a week old.
 *
 * @returns The names removed; those of living processes are left alone, and those that cannot be removed.
 */
export async function sweepTemporaries(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const dead: string[] = [];
  for (const name of names) if (await isLeftOver(folder, name)) dead.push(name);
  const removed: string[] = [];
  for (const name of dead)
    await rm(join(folder, name), { recursive: true, force: true }).then(
      () => removed.push(name),
      () => {}, // a read-only disk, or another user's: no reason to refuse what was asked for
    );
  return removed;
}

async function isLeftOver(folder: string, name: string): Promise<boolean> {
  // Former versions named neither the table of processes nor the start.
  const owner = /\.([A-Za-z0-9_]+)-(?:([0-9a-f]{8})-)?(\d+)-(?:(\d+)-)?[0-9a-f]{12}\.tmp$/.exec(
    name,
  );
  if (!owner) return false;
  const [, on, of, pid, start] = owner;
  if (on === host && of === table())
    return hasEnded({ ...thisProcess(), pid: Number(pid), start: start === '0' ? '' : start! });
  const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > (on === host ? abandonedMs : abandonedElsewhereMs);
}

let tableName: string | undefined;

/** A short name of the table that this process is in. */
function table(): string {
  const { boot, processes } = thisProcess();
  tableName ??= sha256(`${boot}\n${processes}`).slice(0, 8);
  return tableName;
}
