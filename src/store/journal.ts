import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import {
  type Disk,
  errnoOf,
  realDisk,
  syncFolder,
  unreadable,
  unwritable,
  writeAll,
} from './disk.ts';
import { decodeLine, encodeLine } from './journal-line.ts';
import { type Lease, type LockOptions, withLock } from './lock.ts';
import { openFile } from './open-file.ts';
import { closeToOthers, privateFile } from './private-files.ts';
import { refuseDevice } from './read-file-bytes.ts';
import { readStored } from './read-stored.ts';
import { writeAtomic } from './write-atomic.ts';

/** A line of a journal that is not a record. */
export interface JournalFault {
  /** Counts from 1. */
  readonly line: number;
  /**
   * `torn`: the last line, cut while it was written, so nobody was told that it is there. `damaged`: a line that was
   * whole once.
   */
  readonly kind: 'torn' | 'damaged';
}

export interface JournalOptions {
  readonly disk?: Disk;
  /** Whether only its owner may read the file. Default: false. */
  readonly isPrivate?: boolean;
}

export interface JournalContent<T> {
  /** What was appended, as JSON has it: nothing checks that it is a `T`. */
  readonly records: T[];
  /** What could not be read, in the order of its lines. */
  readonly faults: JournalFault[];
}

/** What a journal ends with. */
export interface JournalEnd<T> {
  /** Undefined if no record is whole. */
  readonly last: T | undefined;
  /** Damaged lines after it, or in all where no record is whole. A torn line is none: the next append cuts it off. */
  readonly damaged: number;
}

/** How often `follow` looks whether another process has appended something. */
const pollMs = 50;
/** Bytes that `follow` reads at once, unless a line is longer. */
const chunkBytes = 1 << 20;

/**
 * An append-only file of JSON records, one on each line with its checksum:
 *
 *     {"crc32c":"8a9136aa","record":{"speaker":"ROSALIND"}}
 *
 * A record is durable when `append` resolves: kill -9 or a power cut at any byte after that does not lose it. What was
 * being written at that instant is a torn last line, which readers leave out and the next append cuts off. A damaged line
 * elsewhere is left out too; `faults` names both. Any number of processes may append to one journal. The checksum is over
 * the bytes of the record as they stand in the line.
 */
export class Journal<T> {
  readonly path: string;
  readonly #disk: Disk;
  readonly #isPrivate: boolean;
  #last: Promise<unknown> = Promise.resolve();

  /** @param path A file that need not exist yet: the first `append` makes it and its folder. */
  constructor(path: string, { disk = realDisk, isPrivate = false }: JournalOptions = {}) {
    this.path = path;
    this.#disk = disk;
    this.#isPrivate = isPrivate;
  }

  /** Every record that is whole; none if the file does not exist. */
  async read(): Promise<JournalContent<T>> {
    return scan<T>(await bytesOf(this.path));
  }

  /**
   * Appends one record and returns when it is on the disk. Calls run in the order made.
   *
   * @throws {DramatisError} STORE_UNWRITABLE or LOCKED; the journal then holds what it held before.
   */
  append(record: T, options?: LockOptions): Promise<void> {
    const line = encodeLine(record);
    return this.#inTurn((lease) => this.#write(line, lease), options);
  }

  /**
   * Appends the record that `make` makes from what the journal ends with, while no other process may append: of records
   * that are numbered so, no two have one number.
   *
   * @throws {DramatisError} STORE_UNWRITABLE or LOCKED; the journal then holds what it held before.
   */
  appendNext<R extends T>(make: (end: JournalEnd<T>) => R, options?: LockOptions): Promise<R> {
    return this.#inTurn(async (lease) => {
      const end = await endOf<T>(this.path).catch((error: unknown) => {
        throw unreadable(this.path, error);
      });
      const record = make(end);
      await this.#write(encodeLine(record), lease);
      return record;
    }, options);
  }

  /**
   * Makes the file with these records in it: after a crash it has all of them or is not there.
   *
   * @throws {DramatisError} STORE_UNWRITABLE
   */
  async fill(records: readonly T[]): Promise<void> {
    const mode = this.#isPrivate ? privateFile : undefined;
    await writeAtomic(this.path, records.map(encodeLine), this.#disk, { mode });
  }

  /**
   * Every whole record from the first on, then each that any process appends. It ends when `signal` aborts, with its
   * reason, or when the reader leaves; any number may follow, each at its own pace.
   *
   * @throws {DramatisError} STORE_DAMAGED if the file is deleted or cut back meanwhile.
   */
  async *follow(signal?: AbortSignal): AsyncGenerator<T> {
    for (let at = 0; ; ) {
      signal?.throwIfAborted();
      const { records, next } = await this.readFrom(at);
      const isAtEnd = next === at;
      at = next;
      for (const record of records) {
        signal?.throwIfAborted();
        yield record;
      }
      if (isAtEnd) await pause(pollMs, signal);
    }
  }

  /**
   * The whole records of a part of the file, as many as fit in about a megabyte, so that a journal of any size is read piece
   * by piece.
   *
   * @param at Where a line begins, in bytes: 0, or the `next` of the part before.
   * @returns Also where the next part begins: `at` itself if there is nothing more yet.
   * @throws {DramatisError} STORE_DAMAGED if the file was deleted or cut back meanwhile.
   */
  async readFrom(at: number): Promise<{ readonly records: T[]; readonly next: number }> {
    const lines = await linesAfter(this.path, at);
    const records = lines.flatMap((line) => {
      const json = decodeLine(line);
      return json === undefined ? [] : [JSON.parse(json) as T];
    });
    return { records, next: lines.reduce((sum, line) => sum + line.length + 1, at) };
  }

  #inTurn<R>(task: (lease: Lease) => Promise<R>, options?: LockOptions): Promise<R> {
    const turn = this.#last.then(() => withLock(this.path, task, options));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #write(line: Uint8Array, lease: Lease): Promise<void> {
    try {
      const { length, end, needsNewline } = await tailOf(this.path);
      await lease.requireHeld();
      const mode = this.#isPrivate ? privateFile : undefined;
      const file = await this.#disk.open(this.path, 'a', mode);
      try {
        if (end < length) await file.truncate(end);
        try {
          await writeAll(file, needsNewline ? Buffer.concat([newline, line]) : line);
          await file.sync();
        } catch (error) {
          // Half a line is no record: readers cope with it. What somebody else appended since must not be cut off.
          await lease
            .requireHeld()
            .then(() => file.truncate(end))
            .catch(() => {});
          throw error;
        }
      } finally {
        await file.close();
      }
      if (this.#isPrivate) await closeToOthers(this.path); // one that an older version made
      if (length === 0) await syncFolder(dirname(this.path), this.#disk);
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }
}

const newline = Buffer.from('\n');

function scan<T>(bytes: Buffer): JournalContent<T> {
  const records: T[] = [];
  const faults: JournalFault[] = [];
  let line = 0;
  for (let at = 0; at < bytes.length; ) {
    line++;
    const stop = bytes.indexOf(0x0a, at);
    const json = decodeLine(bytes.subarray(at, stop < 0 ? bytes.length : stop));
    if (json !== undefined) records.push(JSON.parse(json) as T);
    else faults.push({ line, kind: stop < 0 ? 'torn' : 'damaged' });
    at = stop < 0 ? bytes.length : stop + 1;
  }
  return { records, faults };
}

/** Where the next line begins: after the last newline, or after a last line that is whole but for it. */
interface Tail {
  /** Bytes in the file. */
  readonly length: number;
  /** Bytes of it to keep. */
  readonly end: number;
  readonly needsNewline: boolean;
}

/** Reads one byte when the file ends as it should, all of it when it does not. */
async function tailOf(path: string): Promise<Tail> {
  const length = await lengthOf(path);
  if (length === 0 || (await bytesAt(path, length - 1, 1))[0] === 0x0a) {
    return { length, end: length, needsNewline: false };
  }
  const bytes = await bytesOf(path);
  const start = bytes.lastIndexOf(0x0a) + 1;
  const isWhole = decodeLine(bytes.subarray(start)) !== undefined;
  return { length, end: isWhole ? bytes.length : start, needsNewline: isWhole };
}

/** Reads from the end backwards, as far as the last whole record. */
async function endOf<T>(path: string): Promise<JournalEnd<T>> {
  const length = await lengthOf(path);
  for (let size = Math.min(length, 1 << 16); ; size = Math.min(length, size * 8)) {
    const bytes = await bytesAt(path, length - size, size);
    // What stands before the first line end may be the rest of a line.
    const first = size === length ? 0 : bytes.indexOf(0x0a) + 1;
    let damaged = 0;
    for (let stop = bytes.length; stop > first; ) {
      const start = Math.max(first, bytes.lastIndexOf(0x0a, stop - 1) + 1);
      const json = decodeLine(bytes.subarray(start, stop));
      if (json !== undefined) return { last: JSON.parse(json) as T, damaged };
      if (stop < bytes.length) damaged++;
      stop = start - 1;
    }
    if (size === length) return { last: undefined, damaged };
  }
}

/** The lines that begin at a byte, those that have their line end; none if there are no more. */
async function linesAfter(path: string, at: number): Promise<Buffer[]> {
  const length = await lengthOf(path);
  if (length < at) {
    const message = `${path} was deleted or cut back while it was read`;
    throw new DramatisError('STORE_DAMAGED', message, { remedy: 'Read it again from the start.' });
  }
  for (let size = chunkBytes; ; size *= 8) {
    const bytes = await bytesAt(path, at, Math.min(size, length - at));
    const lines: Buffer[] = [];
    for (let start = 0; ; ) {
      const stop = bytes.indexOf(0x0a, start);
      if (stop < 0) break;
      lines.push(bytes.subarray(start, stop));
      start = stop + 1;
    }
    if (lines.length > 0 || size >= length - at) return lines;
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}

/** Bytes in a file; 0 if there is none. */
async function lengthOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

async function bytesAt(path: string, position: number, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  await using file = await openFile(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, position);
  return buffer.subarray(0, bytesRead);
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    // What a shell gives as /dev/stdin or /dev/fd/63 has a writer, who ends.
    if (/^\/(dev|proc)\//.test(path)) await refuseDevice(path);
    else return await readStored(path);
    return await readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw unreadable(path, error);
  }
}
