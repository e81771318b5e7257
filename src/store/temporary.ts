import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hasEnded, thisProcess } from './process-identity.ts';
import { sha256 } from './sha256.ts';

const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '_');
/** Temporary files that nobody has written to for so long are of nobody, whichever container of this host made them. */
const abandonedMs = 24 * 3600_000;

/** Makes a name in the folder of `path` that no other process or host uses, and that says which process it belongs to. */
export function temporaryPath(path: string): string {
  const { pid, start } = thisProcess();
  const owner = `${host}-${table()}-${pid}-${start || 0}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${owner}.tmp`);
}

/**
 * Removes the files and folders that processes killed since left in `folder` under temporary names: those of this table of
 * processes at once, those of another container of this host when a day old.
 *
 * @returns The names removed; those of other hosts and of living processes are left alone.
 */
export async function sweepTemporaries(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const dead: string[] = [];
  for (const name of names) if (await isLeftOver(folder, name)) dead.push(name);
  for (const name of dead) await rm(join(folder, name), { recursive: true, force: true });
  return dead;
}

async function isLeftOver(folder: string, name: string): Promise<boolean> {
  // Former versions named neither the table of processes nor the start.
  const owner = /\.([A-Za-z0-9_]+)-(?:([0-9a-f]{8})-)?(\d+)-(?:(\d+)-)?[0-9a-f]{12}\.tmp$/.exec(
    name,
  );
  if (owner?.[1] !== host) return false;
  const [, , of, pid, start] = owner;
  if (of === table())
    return hasEnded({ ...thisProcess(), pid: Number(pid), start: start === '0' ? '' : start! });
  const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > abandonedMs;
}

let tableName: string | undefined;

/** A short name of the table that this process is in. */
function table(): string {
  const { boot, processes } = thisProcess();
  tableName ??= sha256(`${boot}\n${processes}`).slice(0, 8);
  return tableName;
}
