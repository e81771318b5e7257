import { type Adapter, Low } from 'lowdb';
import { DramatisError } from '../errors.ts';
import { type Disk, errnoOf, realDisk, unreadable } from './disk.ts';
import { type Lease, type LockOptions, withLock } from './lock.ts';
import { privateFile } from './private-files.ts';
import { readStored } from './read-stored.ts';
import { sha256 } from './sha256.ts';
import { type AtomicData, writeAtomic } from './write-atomic.ts';

/** Data that has the shape wanted, or what is wrong with it as a clause. */
export type Checked<T> = { readonly data: T } | { readonly fault: string };

export interface DurableJsonOptions<T> {
  /** What the file holds, such as "dramatis-settings": another format under this path is refused. */
  readonly format: string;
  /** Version of the shape of `T` that this program writes; counts from 1. */
  readonly version: number;
  /** Checks the shape of data that was read, and brings data of an older version to that of `T`. */
  readonly check: (data: unknown, version: number) => Checked<T>;
  readonly disk?: Disk;
  /** Whether only its owner may read the file. Default: false. */
  readonly isPrivate?: boolean;
}

/** A file that could not be read as it was written, and what was read in its place. */
export interface DamagedJson {
  readonly path: string;
  /** A clause, such as "its checksum does not match". */
  readonly fault: string;
  /** Whether the state before it was found, in `.prev`. */
  readonly instead: 'previous' | 'nothing';
}

interface Envelope {
  readonly format: string;
  readonly version: number;
  /** Checksum, in hex, of format, version and the data as JSON without spaces, a line each. */
  readonly sha256: string;
  readonly data: unknown;
}

/**
 * A lowdb adapter for small state that must survive: lowdb's own neither flush nor check.
 *
 * The file holds `{format, version, sha256, data}`. It is replaced atomically, and the state before it is kept beside it
 * as `.prev`. A damaged file is read from `.prev`; the next write keeps its bytes under a name of their own before it
 * replaces them. A file of a newer version is never touched. Use `update` whenever another process may write too.
 */
export class DurableJson<T> implements Adapter<T> {
  readonly path: string;
  /** What the last `read` found damaged; undefined if the file was whole, or not there. */
  damage: DamagedJson | undefined;
  readonly #options: DurableJsonOptions<T>;
  readonly #disk: Disk;
  /** What keeps others from writing during `update`. */
  #lease: Lease | undefined;

  constructor(path: string, options: DurableJsonOptions<T>) {
    this.path = path;
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
  }

  /**
   * @returns What was written last; what was written before that, if the file is damaged; null if there is neither.
   * @throws {DramatisError} STORE_DAMAGED if the file is of a newer version.
   */
  async read(): Promise<T | null> {
    this.damage = undefined;
    const current = await this.#load(this.path);
    if (current.kind === 'whole') return current.data;
    if (current.kind === 'absent') return null;
    const previous = await this.#load(`${this.path}.prev`);
    const instead = previous.kind === 'whole' ? 'previous' : 'nothing';
    this.damage = { path: this.path, fault: current.fault, instead };
    return previous.kind === 'whole' ? previous.data : null;
  }

  /** @throws {DramatisError} STORE_UNWRITABLE; the file is then as it was. */
  async write(data: T): Promise<void> {
    const current = await this.#load(this.path);
    if (current.kind === 'whole') {
      await this.#put(`${this.path}.prev`, current.bytes);
    } else if (current.kind === 'damaged' && current.bytes) {
      await this.#put(keptAs(this.path, current.bytes), current.bytes);
    }
    const json = JSON.stringify(data);
    const { format, version } = this.#options;
    const open = JSON.stringify({ format, version, sha256: checksum(format, version, json) });
    await this.#put(this.path, `${open.slice(0, -1)},"data":${json}}\n`);
  }

  /** Whoever was overtaken while it stood still writes nothing over what the other wrote. */
  #put(path: string, data: AtomicData): Promise<void> {
    const mode = this.#options.isPrivate ? privateFile : undefined;
    return writeAtomic(path, data, this.#disk, { mode, confirm: this.#lease?.requireHeld });
  }

  /**
   * Changes the state under the lock of its path, so that of two processes neither loses the other's change.
   *
   * @param initial The state when there is none yet.
   * @param change  Changes its argument in place.
   * @returns       The state as written.
   * @throws {DramatisError} LOCKED, and whatever `read` and `write` throw.
   */
  update(initial: T, change: (data: T) => unknown, options?: LockOptions): Promise<T> {
    return withLock(
      this.path,
      async (lease) => {
        this.#lease = lease;
        try {
          const db = new Low<T>(this, structuredClone(initial));
          await db.read();
          await db.update(change);
          return db.data;
        } finally {
          this.#lease = undefined;
        }
      },
      options,
    );
  }

  async #load(path: string): Promise<Loaded<T>> {
    let bytes: Buffer;
    try {
      bytes = await readStored(path);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOENT' || errno === 'ENOTDIR') return { kind: 'absent' };
      throw unreadable(path, error);
    }
    const opened = unwrap(bytes, this.#options.format);
    if ('fault' in opened) return { kind: 'damaged', fault: opened.fault, bytes };
    const { version, data } = opened;
    if (version > this.#options.version) throw newer(path, version, this.#options.version);
    const checked = this.#options.check(data, version);
    if ('fault' in checked) return { kind: 'damaged', fault: checked.fault, bytes };
    return { kind: 'whole', data: checked.data, bytes };
  }
}

/** Where `write` puts a damaged file's bytes; damaged in the same way twice, they are kept once. */
function keptAs(path: string, bytes: Uint8Array): string {
  return `${path}.damaged-${sha256(bytes).slice(0, 8)}`;
}

type Loaded<T> =
  | { readonly kind: 'whole'; readonly data: T; readonly bytes: Uint8Array }
  | { readonly kind: 'damaged'; readonly fault: string; readonly bytes?: Uint8Array }
  | { readonly kind: 'absent' };

function unwrap(bytes: Buffer, format: string): Envelope | { readonly fault: string } {
  let envelope: Partial<Envelope> | null;
  try {
    envelope = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { fault: bytes.length === 0 ? 'it is empty' : 'it is not JSON' };
  }
  if (typeof envelope !== 'object' || envelope?.format !== format) {
    return { fault: `it is not of the format ${format}` };
  }
  const { version, data, sha256: expected } = envelope;
  if (!isVersion(version) || checksum(format, version, JSON.stringify(data)) !== expected) {
    return { fault: 'its checksum does not match' };
  }
  return envelope as Envelope;
}

function isVersion(value: unknown): value is number {
  return Number.isInteger(value);
}

function newer(path: string, version: number, known: number): DramatisError {
  const message = `${path} was written by a newer Dramatis: version ${version}, known up to ${known}`;
  return new DramatisError('STORE_DAMAGED', message, {
    remedy: 'Update Dramatis, or set DRAMATIS_HOME to another folder.',
  });
}

/** `json` is undefined when the data is missing, which no checksum in a file matches. */
function checksum(format: string, version: number, json: string | undefined): string {
  return sha256(`${format}\n${version}\n${json}`);
}
