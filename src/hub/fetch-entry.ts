import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { unwritable } from '../store/disk.ts';
import { isLocked, withLock } from '../store/lock.ts';
import { sweep } from '../store/sweep.ts';
import type { Entry } from './catalogue.ts';
import { reserve } from './disk-space.ts';
import { type HubOptions, hubFolders } from './events.ts';
import {
  bytesBegun,
  dropLeftovers,
  fetchFromSource,
  hubSha256,
  type Shelf,
} from './fetch-source.ts';
import { type Damaged, findHere, type Here, type Look } from './here.ts';
import { isOn } from './hf-cache.ts';
import { parseHfUri } from './hf-uri.ts';
import { isUnreachable } from './http.ts';
import { findInHubCache } from './hugging-face.ts';
import { lockTimeoutMs } from './resume.ts';

/**
 * The file of a catalogue entry, fetched onto its shelf if it is not there, from the first source that
 * gives it. Processes that want the same file wait for one another.
 *
 * @throws {DramatisError} LICENCE_NEEDED, OFFLINE, STORE_UNWRITABLE; CHECKSUM_MISMATCH or FETCH_FAILED if no source
 *   gave the file, with what each said.
 */
export async function fetchEntry(entry: Entry, shelf: Shelf, options: HubOptions): Promise<Here> {
  const { folder } = shelf;
  const damaged: Damaged[] = [];
  const here = await lookUpEntry(entry, shelf, options, damaged);
  if (here) return here;
  for (const one of damaged) options.report?.({ kind: 'damaged', what: entry.id, ...one });
  const begun = await bytesBegun(entry, shelf);
  await reserve(folder, Math.max(0, (entry.bytes ?? 0) - begun) + largestArchive(entry));
  await sweep(folder);
  if (await isLocked(join(folder, entry.file))) options.report?.({ kind: 'wait', what: entry.id });
  return withLock(
    join(folder, entry.file),
    async () =>
      (await findHere(entry, folder, lookOf(options))) ??
      fetchFromSources(entry, shelf, options).catch((error: unknown) => {
        throw stillDamaged(error, damaged);
      }),
    { signal: options.signal, timeoutMs: lockTimeoutMs },
  );
}

/** What could not be fetched is here, but damaged: the first thing to know. */
function stillDamaged(error: unknown, [damaged]: readonly Damaged[]): unknown {
  if (!damaged || !(error instanceof DramatisError)) return error;
  const message = `${damaged.path} is damaged: ${damaged.fault}; ${error.message}`;
  return new DramatisError(error.code, message, { cause: error, remedy: error.remedy });
}

const lookOf = (
  { depth, signal, ...options }: HubOptions,
  onDamage?: (damaged: Damaged) => void,
): Look => ({ cache: hubFolders(options).cache, depth, signal, onDamage });

/** What lies beside the file while it is made: one archive, part or download at a time. */
function largestArchive({ bytes = 0, sources }: Entry): number {
  const files = sources.flatMap((source) => source.files);
  return Math.max(...files.map((file) => file.wheelBytes ?? file.bytes ?? bytes));
}

/**
 * The file of an entry if it is on this disk; undefined if it would have to be fetched, and may be. Opens no socket.
 *
 * @param damaged Files under its name that are not what they should be are added here.
 * @throws {DramatisError} LICENCE_NEEDED, OFFLINE; CHECKSUM_MISMATCH if it is damaged and may not be fetched.
 */
export async function lookUpEntry(
  entry: Entry,
  shelf: Shelf,
  options: HubOptions,
  damaged: Damaged[] = [],
): Promise<Here | undefined> {
  const here = await findOnShelf(entry, shelf, options, damaged);
  if (here) return here;
  requireLicence(entry, options);
  if (isOffline(options) && damaged.length > 0)
    throw new DramatisError(
      'CHECKSUM_MISMATCH',
      `${damaged[0]!.path} is damaged: ${damaged[0]!.fault}`,
      {
        remedy: `Run "dramatis pull ${entry.id}" without --offline: it is replaced once another is here.`,
      },
    );
  if (isOffline(options)) throw new DramatisError('OFFLINE', `${entry.id} is not here`);
  return undefined;
}

/** The file of an entry if it is on this disk, on its shelf or in the hub's cache. */
export async function findOnShelf(
  entry: Entry,
  { folder }: Shelf,
  options: HubOptions,
  damaged: Damaged[] = [],
): Promise<Here | undefined> {
  const look = lookOf(options, (one) => damaged.push(one));
  return (await findHere(entry, folder, look)) ?? findInHub(entry, options);
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
      await dropLeftovers(entry, shelf); // by a source that gave some parts and then failed
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
  if (failures.every(({ error }) => isUnreachable(error.message)))
    throw new DramatisError(
      'FETCH_FAILED',
      `no network: ${entry.id} could not be fetched, none of its sources can be reached`,
      {
        cause: worst.error,
        remedy:
          'Connect and run the command again, or give a file of your own: --play FILE for a play, --model FILE.gguf for a model.',
      },
    );
  const said = failures.map(({ from, error }) => `${from}: ${error.message}`).join('; ');
  throw new DramatisError(worst.error.code, `${entry.id} could not be fetched: ${said}`, {
    cause: worst.error,
    remedy: worst.error.remedy,
  });
}
