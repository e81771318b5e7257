import { realpath, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { unwritable } from '../store/disk.ts';
import { withLock } from '../store/lock.ts';
import { makeFolder } from '../store/make-folder.ts';
import { fileSha256 } from '../store/sha256.ts';
import { sweepTemporaries, temporaryPath } from '../store/temporary.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { admit, type Expected } from './admit.ts';
import type { Entry, Source } from './catalogue.ts';
import { reserve } from './disk-space.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { Fetcher } from './fetcher.ts';
import { findHere, type Here, noteOrigin } from './here.ts';
import { isOn } from './hf-cache.ts';
import { parseHfUri } from './hf-uri.ts';
import { findInHubCache } from './hugging-face.ts';
import { makers } from './makers.ts';
import { lockTimeoutMs } from './resume.ts';

/** Where files of one kind are kept, and how one of them is known to be sound. */
export interface Shelf {
  readonly folder: string;
  /** Throws a DramatisError if the file is not of this kind; run before it gets its name. */
  readonly check: (path: string) => Promise<unknown>;
}

/**
 * The file of a catalogue entry, fetched onto its shelf if it is not there, from the first source that
 * gives it. Processes that want the same file wait for one another.
 *
 * @throws {DramatisError} LICENCE_NEEDED, OFFLINE, STORE_UNWRITABLE; CHECKSUM_MISMATCH or FETCH_FAILED if no source
 *   gave the file, with what each said.
 */
export async function fetchEntry(entry: Entry, shelf: Shelf, options: HubOptions): Promise<Here> {
  const { folder } = shelf;
  const here = await lookUpEntry(entry, shelf, options);
  if (here) return here;
  await reserve(folder, (entry.bytes ?? 0) * 2); // the archive or the parts beside the file itself
  await sweepTemporaries(folder);
  if (await isLocked(join(folder, entry.file))) options.report?.({ kind: 'wait', what: entry.id });
  return withLock(
    join(folder, entry.file),
    async () => (await findHere(entry, folder)) ?? fetchFromSources(entry, shelf, options),
    { signal: options.signal, timeoutMs: lockTimeoutMs },
  );
}

/**
 * The file of an entry if it is on this disk; undefined if it would have to be fetched, and may be. Opens no socket.
 *
 * @throws {DramatisError} LICENCE_NEEDED, OFFLINE
 */
export async function lookUpEntry(
  entry: Entry,
  shelf: Shelf,
  options: HubOptions,
): Promise<Here | undefined> {
  const here = await findOnShelf(entry, shelf, options);
  if (here) return here;
  requireLicence(entry, options);
  if (isOffline(options)) throw new DramatisError('OFFLINE', `${entry.id} is not here`);
  return undefined;
}

/** The file of an entry if it is on this disk, on its shelf or in the hub's cache. */
export async function findOnShelf(
  entry: Entry,
  { folder }: Shelf,
  options: HubOptions,
): Promise<Here | undefined> {
  return (await findHere(entry, folder)) ?? findInHub(entry, options);
}

export function isOffline({ offline, env = process.env }: HubOptions): boolean {
  return offline === true || isOn(env.HF_HUB_OFFLINE);
}

function requireLicence({ id, licence }: Entry, { acceptLicence }: HubOptions): void {
  if (!licence.mustAccept || acceptLicence) return;
  throw new DramatisError(
    'LICENCE_NEEDED',
    `${id} is under the ${licence.name}, to be accepted first: ${licence.url}`,
  );
}

/** A source of one `hf:` file may be in the hub's own cache, and is used from there. */
async function findInHub(entry: Entry, options: HubOptions): Promise<Here | undefined> {
  for (const { files, make } of entry.sources) {
    const reference = parseHfUri(files[0]!.from);
    if (make || files.length > 1 || !files[0]!.from.startsWith('hf:') || !reference) continue;
    const found = await findInHubCache(reference, options);
    if (!found) continue;
    const { size: bytes } = await stat(found.path);
    const sha256 = await hubSha256(found.path);
    if (entry.sha256 !== undefined && entry.sha256 !== sha256) continue;
    return { path: found.path, bytes, sha256 };
  }
  return undefined;
}

async function fetchFromSources(entry: Entry, shelf: Shelf, options: HubOptions): Promise<Here> {
  const failures: { from: string; error: DramatisError }[] = [];
  for (const source of entry.sources) {
    const from = source.files[0]!.from;
    try {
      const here = await fetchFromSource(entry, source, shelf, options);
      options.report?.({ kind: 'done', what: entry.id, path: here.path, bytes: here.bytes });
      return here;
    } catch (error) {
      options.signal?.throwIfAborted();
      // A full disk is as full for the next source.
      const isSources = error instanceof DramatisError && error.code !== 'STORE_UNWRITABLE';
      if (!isSources) throw unwritable(shelf.folder, error);
      failures.push({ from, error });
      if (failures.length === entry.sources.length) break;
      options.report?.({ kind: 'skip', what: entry.id, from, reason: error.message });
    }
  }
  const [first] = failures;
  const worst = failures.find(({ error }) => error.code === 'CHECKSUM_MISMATCH') ?? first!;
  const said = failures.map(({ from, error }) => `${from}: ${error.message}`).join('; ');
  throw new DramatisError(worst.error.code, `${entry.id} could not be fetched: ${said}`, {
    cause: worst.error,
    remedy: worst.error.remedy,
  });
}

async function fetchFromSource(
  entry: Entry,
  source: Source,
  shelf: Shelf,
  options: HubOptions,
): Promise<Here> {
  const [only] = source.files;
  const target = join(shelf.folder, source.file ?? entry.file);
  const expected = source.unpinned ? {} : { bytes: entry.bytes, sha256: entry.sha256 };
  const work = await workFolder(options);
  const part = temporaryPath(target);
  try {
    const fetcher = new Fetcher(entry, work, options);
    if (source.files.length === 1 && !source.make && only!.from.startsWith('hf:')) {
      const path = await fetcher.path(only!);
      await shelf.check(path);
      return await keepInHubCache(path, expected);
    }
    if (source.make) {
      const paths = await fetcher.paths(source.files);
      options.report?.({ kind: 'convert', what: entry.id });
      await writeAtomic(part, await makers[source.make](paths));
    } else {
      await writeAtomic(part, fetcher.joined(source.files));
    }
    options.report?.({ kind: 'verify', what: entry.id });
    if (source.unpinned || entry.sha256 === undefined) await shelf.check(part);
    const found = await admit(part, target, expected, options.signal);
    const from = source.files.map((file) => file.from);
    await noteOrigin(target, { id: entry.id, from: [...new Set(from)], ...found });
    return { path: target, ...found };
  } finally {
    await rm(part, { force: true });
    await rm(work, { recursive: true, force: true });
  }
}

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
async function hubSha256(path: string): Promise<string> {
  const name = basename(await realpath(path));
  return /^[0-9a-f]{64}$/.test(name) ? name : fileSha256(path);
}

/** In the cache, not in the system's temporary folder: a model does not fit into many of those. */
async function workFolder(options: HubOptions): Promise<string> {
  const parent = join(hubFolders(options).cache, 'fetch');
  await sweepTemporaries(parent);
  const work = temporaryPath(join(parent, 'work'));
  await makeFolder(work);
  return work;
}

async function isLocked(path: string): Promise<boolean> {
  return stat(`${path}.lock`).then(
    () => true,
    () => false,
  );
}
