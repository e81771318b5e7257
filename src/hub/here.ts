import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../store/disk.ts';
import { fileSha256 } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { Entry } from './catalogue.ts';

/** What is noted beside a file when it is admitted: where it came from, and what it is. */
export interface Origin {
  readonly id: string;
  readonly from: readonly string[];
  readonly bytes: number;
  readonly sha256: string;
}

/** A file that is on this disk. */
export interface Here {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Finds the file of an entry in `folder`, if it is whole and is what the catalogue now names.
 *
 * The length is compared every time. The content was verified when the file was fetched; it is read again only when
 * there is no note of that, as for a file that the user has put there.
 */
export async function findHere(entry: Entry, folder: string): Promise<Here | undefined> {
  for (const source of entry.sources) {
    const path = join(folder, source.file ?? entry.file);
    const bytes = await lengthOf(path);
    if (bytes === undefined) continue;
    const origin = await readOrigin(path);
    const isNoted = origin?.bytes === bytes;
    const sha256 = isNoted ? origin.sha256 : await fileSha256(path);
    const pinned = source.unpinned ? undefined : entry.sha256;
    if (pinned !== undefined && sha256 !== pinned) continue;
    if (!isNoted) await noteOrigin(path, { id: entry.id, from: [], bytes, sha256 });
    return { path, bytes, sha256 };
  }
  return undefined;
}

/**
 * Finds the file of an entry and reads all of it again; one that has changed since it was fetched is renamed to .bad, so
 * that it is fetched afresh.
 */
export async function recheckHere(entry: Entry, folder: string): Promise<Here | undefined> {
  const here = await findHere(entry, folder);
  if (!here || (await fileSha256(here.path)) === here.sha256) return here;
  await rename(here.path, `${here.path}.bad`);
  await rm(originPath(here.path), { force: true });
  return undefined;
}

export async function noteOrigin(path: string, origin: Origin): Promise<void> {
  await writeAtomic(originPath(path), `${JSON.stringify(origin)}\n`);
}

async function readOrigin(path: string): Promise<Origin | undefined> {
  try {
    const origin = JSON.parse(await readFile(originPath(path), 'utf8'));
    return typeof origin?.sha256 === 'string' && typeof origin.bytes === 'number'
      ? origin
      : undefined;
  } catch {
    return undefined; // none, or a damaged one: the file itself will be looked at
  }
}

function originPath(path: string): string {
  return `${path}.origin.json`;
}

async function lengthOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
