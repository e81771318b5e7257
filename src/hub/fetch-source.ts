import { realpath, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { rememberSha256 } from '../store/known-sha256.ts';
import { makeFolder } from '../store/make-folder.ts';
import { fileSha256 } from '../store/sha256.ts';
import { sweep } from '../store/sweep.ts';
import { temporaryPath } from '../store/temporary.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { admit, type Expected } from './admit.ts';
import type { Entry, Source } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { Fetcher } from './fetcher.ts';
import { type Here, noteOrigin } from './here.ts';
import { dropEmptyJoin, dropJoin, joinParts, wholeParts } from './join-parts.ts';
import { makers } from './makers.ts';
import { lengthOf } from './resume-point.ts';

/** Where files of one kind are kept, and how one of them is known to be sound. */
export interface Shelf {
  readonly folder: string;
  /** Throws a DramatisError if the file is not of this kind; run before it gets its name. */
  readonly check: (path: string) => Promise<unknown>;
}

/**
 * The file of an entry by one of its sources, checked and under its name.
 *
 * What a source gives in parts lies beside its place until it is whole: a call that is cut short is gone on with by the
 * next one.
 *
 * @throws {DramatisError} CHECKSUM_MISMATCH, FETCH_FAILED, STORE_UNWRITABLE, and what the shelf's check throws.
 */
export async function fetchFromSource(
  entry: Entry,
  source: Source,
  shelf: Shelf,
  options: HubOptions,
): Promise<Here> {
  const [only] = source.files;
  const target = join(shelf.folder, source.file ?? entry.file);
  const work = await workFolder(options);
  const part = partOf(target);
  try {
    const fetcher = new Fetcher(entry, source, work, options);
    if (source.files.length === 1 && !source.make && only!.from.startsWith('hf:')) {
      const path = await fetcher.path(only!);
      await shelf.check(path);
      return await keepInHubCache(path, expectedOf(entry, source));
    }
    if (source.make) {
      const paths = await fetcher.paths();
      options.report?.({ kind: 'convert', what: entry.id });
      await writeAtomic(part, await makers[source.make](paths));
    } else {
      const whole = await wholeParts(part, source.files);
      fetcher.skip(source.files.slice(0, whole.length));
      await joinParts(part, source.files, (file) => fetcher.content(file));
    }
    const found = await admitMade(part, target, { entry, source, shelf, options });
    await rememberSha256(target, hubFolders(options).cache, found.sha256);
    const from = source.files.map((file) => file.from);
    await noteOrigin(target, { id: entry.id, from: [...new Set(from)], ...found });
    return { path: target, ...found };
  } finally {
    await dropEmptyJoin(part);
    await rm(work, { recursive: true, force: true });
  }
}

/** Bytes of an entry's file that a call which was cut short has left to go on with. */
export function bytesBegun({ file }: Entry, { folder }: Shelf): Promise<number> {
  return lengthOf(partOf(join(folder, file)));
}

/** Removes what sources have left of an entry's file that has come another way. */
export async function dropLeftovers(entry: Entry, { folder }: Shelf): Promise<void> {
  const names = new Set(entry.sources.map(({ file = entry.file }) => file));
  for (const name of names) await dropJoin(partOf(join(folder, name)));
}

const partOf = (target: string): string => `${target}.part`;

/** Checks what a source gave, and gives it its name; what is wrong is not kept to be gone on with. */
async function admitMade(
  part: string,
  target: string,
  { entry, source, shelf, options }: Making,
): Promise<{ bytes: number; sha256: string }> {
  options.report?.({ kind: 'verify', what: entry.id });
  try {
    if (source.unpinned || entry.sha256 === undefined) await shelf.check(part);
    const expected = expectedOf(entry, source);
    const found = await admit(part, target, expected, options.signal);
    await dropJoin(part);
    return found;
  } catch (error) {
    if (!options.signal?.aborted) await dropJoin(part);
    throw error;
  }
}

interface Making {
  readonly entry: Entry;
  readonly source: Source;
  readonly shelf: Shelf;
  readonly options: HubOptions;
}

const expectedOf = ({ bytes, sha256 }: Entry, { unpinned }: Source): Expected =>
  unpinned ? {} : { bytes, sha256 };

/** What came through the hub's cache stays there, for the hub's other programs too. */
async function keepInHubCache(path: string, expected: Expected): Promise<Here> {
  const { size: bytes } = await stat(path);
  const sha256 = await hubSha256(path);
  if (expected.sha256 !== undefined && expected.sha256 !== sha256) {
    throw new DramatisError(
      'CHECKSUM_MISMATCH',
      `the file's SHA-256 is ${sha256}, ${expected.sha256} was expected; it stays at ${path}`,
    );
  }
  return { path, bytes, sha256 };
}

/** In the hub's cache a large file points to one that is named by its checksum. */
export async function hubSha256(path: string): Promise<string> {
  const name = basename(await realpath(path));
  return /^[0-9a-f]{64}$/.test(name) ? name : fileSha256(path);
}

/** In the cache, not in the system's temporary folder: a model does not fit into many of those. */
async function workFolder(options: HubOptions): Promise<string> {
  const parent = join(hubFolders(options).cache, 'fetch');
  await sweep(parent);
  const work = temporaryPath(join(parent, 'work'));
  await makeFolder(work);
  return work;
}
