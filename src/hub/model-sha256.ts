import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { fileSha256, sha256 as hash } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { findOnShelf } from './fetch-entry.ts';
import { modelShelf } from './model-shelf.ts';
import type { ResolvedModel } from './models.ts';

/**
 * SHA-256 of a model's file, in hex: what versions of adapters call their base.
 *
 * It is noted where the model was fetched. A file of the user's own is read once, 2 s a gigabyte, and again when its
 * path, size or time of change is another.
 *
 * @throws {DramatisError} FILE_MISSING
 */
export async function modelSha256(
  { path, entry }: Pick<ResolvedModel, 'path' | 'entry'>,
  options: HubOptions = {},
): Promise<string> {
  const fetched = entry && (await findOnShelf(entry, modelShelf(options), options));
  if (fetched?.path === path) return fetched.sha256;
  const note = join(hubFolders(options).cache, 'sha256', await noteName(path));
  const known = await readFile(note, 'utf8').catch(() => '');
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const sha256 = await fileSha256(path, options.signal);
  await writeAtomic(note, sha256).catch(() => {}); // it can be found out again
  return sha256;
}

async function noteName(path: string): Promise<string> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    const name = JSON.stringify([path, String(size), String(mtimeNs), String(ino)]);
    return hash(name).slice(0, 32);
  } catch (cause) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause });
  }
}
