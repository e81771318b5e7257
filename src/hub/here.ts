import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, unreadable } from '../store/disk.ts';
import { knownSha256 } from '../store/known-sha256.ts';
import { readStored } from '../store/read-stored.ts';
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

/** A file under the name of an entry that is not what was fetched, or what the catalogue names. */
export interface Damaged {
  readonly path: string;
  /** A clause, such as "it has 3,000 bytes of 98,362,432". */
  readonly fault: string;
}

/** How thoroughly `findHere` looks. */
export interface Look {
  /** Folder in which the checksums of files are kept: see `knownSha256`. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each file that is passed over because it is not what it should be. */
  readonly onDamage?: ((damaged: Damaged) => void) | undefined;
  /**
   * `length`: for a list, reads no file. `known`: reads one that is new or has changed. `deep`: reads every one, as bytes
   * that a disk has lost by itself show in no other way. Default: known.
   */
  readonly depth?: 'length' | 'known' | 'deep' | undefined;
}

/** Finds the file of an entry in `folder`, if it is whole and is what the catalogue now names. Nothing is moved or changed. */
export async function findHere(
  entry: Entry,
  folder: string,
  look: Look,
): Promise<Here | undefined> {
  const seen = new Set<string>();
  for (const source of entry.sources) {
    const path = join(folder, source.file ?? entry.file);
    if (seen.has(path)) continue;
    seen.add(path);
    const bytes = await lengthOf(path);
    if (bytes === undefined) continue;
    if (bytes === 'no file') {
      look.onDamage?.({ path, fault: 'it is a folder, a pipe or a device, not a file' });
      continue;
    }
    const pinned = source.unpinned ? {} : { bytes: entry.bytes, sha256: entry.sha256 };
    const origin = await readOrigin(path);
    const found = { bytes, sha256: await contentHash(path, look, bytes, origin) };
    const fault = isPinned(found, pinned) ? undefined : faultOf(found, origin ?? pinned);
    if (fault !== undefined) {
      look.onDamage?.({ path, fault });
      continue;
    }
    // A file of a former catalogue is whole, and another one is wanted.
    if (pinned.sha256 !== undefined && found.sha256 !== pinned.sha256) continue;
    if (origin?.sha256 !== found.sha256)
      await noteOrigin(path, { id: entry.id, from: [], ...found }).catch(() => {});
    return { path, ...found };
  }
  return undefined;
}

async function contentHash(
  path: string,
  { cache, depth = 'known', signal }: Look,
  bytes: number,
  origin: Origin | undefined,
): Promise<string> {
  if (depth === 'deep') return fileSha256(path, signal);
  // A file of another length is another, whatever the note says.
  const isNoted = depth === 'length' && origin?.bytes === bytes;
  return isNoted ? origin.sha256 : knownSha256(path, cache, signal);
}

/** Whether a file is the one that the catalogue names, whatever a note beside it says. */
function isPinned(
  { sha256 }: Pick<Here, 'sha256'>,
  pinned: { readonly sha256?: string | undefined },
): boolean {
  return pinned.sha256 !== undefined && sha256 === pinned.sha256;
}

/** What is wrong with a file, as a clause; undefined if nothing is. */
function faultOf(
  found: Pick<Here, 'bytes' | 'sha256'>,
  wanted: { readonly bytes?: number | undefined; readonly sha256?: string | undefined },
): string | undefined {
  const count = (bytes: number): string => bytes.toLocaleString('en');
  if (wanted.bytes !== undefined && wanted.bytes !== found.bytes)
    return `it has ${count(found.bytes)} bytes, ${count(wanted.bytes)} were expected`;
  if (wanted.sha256 !== undefined && wanted.sha256 !== found.sha256)
    return `its SHA-256 is ${found.sha256.slice(0, 12)}…, ${wanted.sha256.slice(0, 12)}… was expected`;
  return undefined;
}

export async function noteOrigin(path: string, origin: Origin): Promise<void> {
  await writeAtomic(originPath(path), `${JSON.stringify(origin)}\n`);
}

async function readOrigin(path: string): Promise<Origin | undefined> {
  try {
    const origin = JSON.parse(String(await readStored(originPath(path))));
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

async function lengthOf(path: string): Promise<number | 'no file' | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : 'no file';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw unreadable(path, error);
  }
}
