import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readStored } from './read-stored.ts';
import { fileSha256, sha256 } from './sha256.ts';
import { writeAtomic } from './write-atomic.ts';

/** What was found in this process, by the stamp of the file. */
const known = new Map<string, string>();

/**
 * SHA-256 of a file, in hex, which is read once: again only when its path, size, time of change, time of a change of its
 * status, or inode is another. The time of a change of status cannot be set, so that bytes changed behind the other times
 * are noticed; what a disk loses by itself is not, which `fileSha256` alone finds.
 *
 * @param cache Folder in which what was found is kept for other processes; where it cannot be written each reads for itself.
 */
export async function knownSha256(
  path: string,
  cache: string,
  signal?: AbortSignal,
): Promise<string> {
  const stamp = await stampOf(path);
  const note = join(cache, 'sha256', stamp);
  const noted = known.get(stamp) ?? String(await readStored(note).catch(() => ''));
  if (/^[0-9a-f]{64}$/.test(noted)) {
    known.set(stamp, noted);
    return noted;
  }
  const found = await fileSha256(path, signal);
  if ((await stampOf(path)) === stamp) await remember(note, stamp, found);
  return found;
}

/** Keeps the SHA-256 of a file that has just been computed. */
export async function rememberSha256(path: string, cache: string, found: string): Promise<void> {
  const stamp = await stampOf(path);
  await remember(join(cache, 'sha256', stamp), stamp, found);
}

async function remember(note: string, stamp: string, found: string): Promise<void> {
  known.set(stamp, found);
  await writeAtomic(note, found).catch(() => {}); // it can be found out again
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  const name = JSON.stringify([path, ...[size, mtimeNs, ctimeNs, ino].map(String)]);
  return sha256(name).slice(0, 32);
}
