import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Adapter, Low } from 'lowdb';
import { DramatisError } from '../errors.ts';
import { type Disk, errnoOf, realDisk } from './disk.ts';
import { type LockOptions, withLock } from './lock.ts';
import { writeAtomic } from './write-atomic.ts';

export interface DurableJsonOptions<T> {
  /** What the file holds, such as "dramatis-adapters": another format under this path is refused. */
  readonly format: string;
  /** Version of the shape of `T` that this program writes; counts from 1. */
  readonly version: number;
  /** Turns data of an older version into `T`; without it older data is taken as it is. */
  readonly migrate?: (data: unknown, version: number) => T;
  readonly disk?: Disk;
}

interface Envelope {
  readonly format: string;
  readonly version: number;
  /** Of format, version and the data as JSON without spaces, a line each; in hex. */
  readonly sha256: string;
  readonly data: unknown;
}

/**
 * A lowdb adapter for small state that must survive: lowdb's own neither flush nor check.
 *
 * The file holds `{format, version, sha256, data}`. It is replaced atomically, and the state before
 * it is kept beside it as `.prev`. A damaged file is read from `.prev` with a warning, and replaced by the
 * next write; a file of a newer version is never touched. Use `update` whenever another process may
 * write too.
 */
export class DurableJson<T> implements Adapter<T> {
  readonly path: string;
  /** What the last `read` had to repair: a sentence each. */
  warnings: readonly string[] = [];
  readonly #options: DurableJsonOptions<T>;
  readonly #disk: Disk;

  constructor(path: string, options: DurableJsonOptions<T>) {
    this.path = path;
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
  }

  /**
   * @returns What was written last; null if nothing was.
   * @throws {DramatisError} STORE_DAMAGED if neither the file nor `.prev` can be read, or either is of a
   *   newer version.
   */
  async read(): Promise<T | null> {
    this.warnings = [];
    const current = await this.#load(this.path);
    if (current.kind === 'whole') return this.#open(current.envelope);
    const previous = await this.#load(`${this.path}.prev`);
    if (previous.kind === 'whole') {
      const what = current.kind === 'absent' ? 'is missing' : `is damaged (${current.reason})`;
      this.warnings = [`${this.path} ${what}: went back to the state before it, ${this.path}.prev`];
      return this.#open(previous.envelope);
    }
    if (current.kind === 'absent' && previous.kind === 'absent') return null;
    const reason =
      current.kind === 'damaged' ? current.reason : 'missing, and its .prev is damaged';
    throw new DramatisError('STORE_DAMAGED', `${this.path} cannot be read: ${reason}`);
  }

  /** @throws {DramatisError} STORE_UNWRITABLE; the file is then as it was. */
  async write(data: T): Promise<void> {
    const current = await this.#load(this.path);
    if (current.kind === 'whole') {
      this.#open(current.envelope); // throws if it is a newer version's, which is not ours to replace
      await writeAtomic(`${this.path}.prev`, current.bytes, this.#disk);
    }
    const json = JSON.stringify(data);
    const { format, version } = this.#options;
    const open = JSON.stringify({ format, version, sha256: checksum(format, version, json) });
    await writeAtomic(this.path, `${open.slice(0, -1)},"data":${json}}\n`, this.#disk);
  }

  /**
   * Changes the state under the lock of its path, so that of two processes neither loses the other's
   * change.
   *
   * @param initial The state when there is none yet.
   * @param change  Changes its argument in place.
   * @returns       The state as written.
   * @throws {DramatisError} As `read`, `write` and `withLock` do.
   */
  update(initial: T, change: (data: T) => unknown, options?: LockOptions): Promise<T> {
    return withLock(
      this.path,
      async () => {
        const db = new Low<T>(this, structuredClone(initial));
        await db.read();
        await db.update(change);
        return db.data;
      },
      options,
    );
  }

  #open({ version, data }: Envelope): T {
    const mine = this.#options.version;
    if (version > mine) {
      const message = `${this.path} was written by a newer Dramatis: version ${version}, known up to ${mine}`;
      throw new DramatisError('STORE_DAMAGED', message, {
        remedy: 'Update Dramatis, or set DRAMATIS_HOME to another folder.',
      });
    }
    if (version < mine && this.#options.migrate) return this.#options.migrate(data, version);
    return data as T;
  }

  async #load(path: string): Promise<Loaded> {
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOENT') return { kind: 'absent' };
      return { kind: 'damaged', reason: errno ?? String(error) };
    }
    return unwrap(bytes, this.#options.format);
  }
}

type Loaded =
  | { readonly kind: 'whole'; readonly envelope: Envelope; readonly bytes: Uint8Array }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'absent' };

function unwrap(bytes: Buffer, format: string): Loaded {
  let envelope: Partial<Envelope> | null;
  try {
    envelope = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { kind: 'damaged', reason: bytes.length === 0 ? 'it is empty' : 'it is not JSON' };
  }
  if (typeof envelope !== 'object' || envelope?.format !== format) {
    return { kind: 'damaged', reason: `it is not of the format ${format}` };
  }
  const { version, data, sha256: expected } = envelope;
  if (!isVersion(version) || checksum(format, version, JSON.stringify(data)) !== expected) {
    return { kind: 'damaged', reason: 'its checksum does not match' };
  }
  return { kind: 'whole', envelope: envelope as Envelope, bytes };
}

function isVersion(value: unknown): value is number {
  return Number.isInteger(value);
}

/** `json` is undefined when the data is missing, which no checksum in a file matches. */
function checksum(format: string, version: number, json: string | undefined): string {
  return createHash('sha256').update(`${format}\n${version}\n${json}`).digest('hex');
}
