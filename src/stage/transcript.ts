import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import type { Disk } from '../store/disk.ts';
import { Journal, type JournalEnd, type JournalFault } from '../store/journal.ts';
import type { Lease } from '../store/lock.ts';
import { own } from '../store/owner.ts';
import { makePrivateFolder } from '../store/private-files.ts';
import { sha256Of } from '../store/sha256.ts';
import { timedName } from '../store/timed-name.ts';
import type { OpenEvent, Recorded, StageEvent } from './events.ts';

/** What a scene is opened with, but for what the transcript knows by itself. */
export type Opening = Omit<OpenEvent, 'kind' | 'format' | 'version' | 'id'>;

/** What a transcript holds. */
export interface TranscriptContent {
  /** In order; those of kinds that only a newer Dramatis knows are among them. */
  readonly records: readonly Recorded[];
  /** Lines that could not be read: the scene is opened without them. */
  readonly faults: readonly JournalFault[];
}

/** Reads a transcript at its own pace. */
export interface TranscriptReader {
  /**
   * The next events that are there by now; none if there are no more yet.
   *
   * @throws {DramatisError} TRANSCRIPT_UNREADABLE; STORE_DAMAGED if the file was deleted or cut back.
   */
  next(): Promise<readonly Recorded[]>;
}

/** End of a transcript's file name. */
export const transcriptEnding = '.stage.jsonl';
/** Newest version of the format that is read. */
const newestVersion = 1;

/**
 * The events of one scene, kept as a journal that only its owner may read. An event is on the disk when `append` resolves,
 * and nothing is ever taken out: an undo or an edit is one more event.
 *
 * Events are numbered from 1 without a gap, and a number whose line was damaged later is not given twice. Any number of
 * processes may follow a scene; one goes on with it at a time, the one that owns it.
 */
export class Transcript {
  readonly path: string;
  readonly #journal: Journal<Recorded>;
  #owner: (Lease & AsyncDisposable) | undefined;

  /** @param path A file that is there; see `begin` for a new one. */
  constructor(path: string, options: { readonly disk?: Disk } = {}) {
    this.path = path;
    this.#journal = new Journal(path, { ...options, isPrivate: true });
  }

  /**
   * Opens a new scene in a folder.
   *
   * @param options.first What it begins with after its opening: after a crash all of it is there, or no scene.
   * @throws {DramatisError} STORE_UNWRITABLE
   */
  static async begin(
    folder: string,
    opening: Opening,
    {
      first = [],
      ...options
    }: { readonly disk?: Disk; readonly first?: readonly StageEvent[] } = {},
  ): Promise<Transcript> {
    const open = openingEvent(opening);
    const { n, time } = open.event;
    const more = first.map((event, i): Recorded => ({ n: n + i + 1, time, ...event }));
    return Transcript.#filled(folder, open, more, options);
  }

  /**
   * Opens a scene that begins with all that happened in this one up to event `at`, which it names with its hash.
   *
   * @param changes What is to be otherwise from there on, such as the seed or the director.
   * @throws {DramatisError} As `read`, and USAGE if there is no event of that number.
   */
  async fork(folder: string, at: number, changes: Partial<Opening> = {}): Promise<Transcript> {
    const { records } = await this.read();
    const opened = records.find((record) => record.kind === 'open');
    if (!opened)
      throw unreadable(this.path, 'its opening is damaged, so nothing can begin with it');
    if (!records.some(({ n }) => n === at))
      throw new DramatisError('USAGE', `${this.path} has no event ${at}`, {
        remedy: `Give the number of an event, 1 to ${records.at(-1)!.n}.`,
      });
    const { n: _, time: __, kind: ___, format: ____, version: _____, ...opening } = opened;
    const parent = { id: opened.id, n: at, hash: prefixHash(records, at) };
    const open = openingEvent({ ...opening, ...changes, parent });
    const copied = records.filter(({ n, kind }) => n <= at && kind !== 'open');
    return Transcript.#filled(folder, open, copied, {});
  }

  static async #filled(
    folder: string,
    { name, event }: { readonly name: string; readonly event: Recorded<OpenEvent> },
    more: readonly Recorded[],
    options: { readonly disk?: Disk },
  ): Promise<Transcript> {
    await makePrivateFolder(folder);
    const transcript = new Transcript(join(folder, `${name}${transcriptEnding}`), options);
    await transcript.#journal.fill([event, ...more]);
    return transcript;
  }

  /** The scene's id, which its file's name ends in. */
  get id(): string {
    return basename(this.path, transcriptEnding).slice(-6);
  }

  /** Whether this process is the owner: what it has read of the scene is all there is. */
  get isOwned(): boolean {
    return this.#owner !== undefined;
  }

  /**
   * Makes this process the owner, until `release`.
   *
   * @throws {DramatisError} LOCKED, naming the process that owns it.
   */
  async own(): Promise<void> {
    const { id } = this;
    this.#owner ??= await own(
      this.path,
      `the scene ${id}`,
      `Go on with a copy: "dramatis stage fork ${id}", then "dramatis stage resume latest"; look on: "dramatis stage watch ${id}".`,
    );
  }

  /** Lets another process go on with it. */
  async release(): Promise<void> {
    const owner = this.#owner;
    this.#owner = undefined;
    await owner?.[Symbol.asyncDispose]();
  }

  /**
   * Appends an event and returns it as it stands in the file.
   *
   * @throws {DramatisError} STORE_UNWRITABLE, or LOCKED if another process has become the owner meanwhile, the scene then
   *   being as it was; TRANSCRIPT_UNREADABLE if the file is none of a scene.
   */
  async append(event: StageEvent): Promise<Recorded> {
    await this.#owner?.requireHeld();
    return this.#journal.appendNext((end) => {
      if (!isEvent(end.last)) throw unreadable(this.path, notAScene(end.last));
      return numbered(event, end);
    });
  }

  /**
   * Every event so far.
   *
   * @throws {DramatisError} FILE_MISSING; TRANSCRIPT_UNREADABLE if it is none of a scene, or of a newer Dramatis.
   */
  async read(): Promise<TranscriptContent> {
    const { records, faults } = await this.#journal.read();
    if (records.length === 0 && !existsSync(this.path))
      throw new DramatisError('FILE_MISSING', `there is no file ${this.path}`);
    const opened = records.find(({ kind }) => kind === 'open') ?? records[0];
    this.#check(opened);
    return { records, faults };
  }

  /**
   * Events after number `after`, then each that is appended, by whatever process. It ends when `signal` aborts, with its
   * reason, or when the reader leaves the loop.
   *
   * @throws {DramatisError} As `read`; STORE_DAMAGED if the file is deleted meanwhile.
   */
  async *follow(after = 0, signal?: AbortSignal): AsyncGenerator<Recorded> {
    if (!existsSync(this.path))
      throw new DramatisError('FILE_MISSING', `there is no file ${this.path}`);
    let isChecked = false;
    for await (const record of this.#journal.follow(signal)) {
      if (!isChecked) this.#check(record);
      isChecked = true;
      if (record.n > after) yield record;
    }
  }

  /**
   * Events after number `after`, a part at a time, for a reader that comes back for more whenever it likes: what is asked for
   * is read then, and nothing is kept.
   */
  reader(after = 0): TranscriptReader {
    let at = 0;
    let n = after;
    return {
      next: async () => {
        for (;;) {
          const { records, next } = await this.#journal.readFrom(at);
          if (at === 0 && records.length > 0) this.#check(records[0]);
          const isAtEnd = next === at;
          at = next;
          const events = records.filter((record) => record.n > n);
          n = events.at(-1)?.n ?? n;
          if (events.length > 0 || isAtEnd) return events;
        }
      },
    };
  }

  /** @param first The first record, or the event that opens the scene. */
  #check(first: Recorded | undefined): void {
    if (!isEvent(first)) throw unreadable(this.path, notAScene(first));
    if (first.kind !== 'open') return; // its line is damaged
    const { format, version }: { format: string; version: number } = first;
    if (format !== 'dramatis.stage') throw unreadable(this.path, `its format is "${format}"`);
    if (version > newestVersion)
      throw new DramatisError(
        'TRANSCRIPT_UNREADABLE',
        `${this.path} has version ${version} of the format; this Dramatis reads ${newestVersion}`,
        { remedy: 'Update Dramatis: a newer one wrote this scene.' },
      );
  }
}

/** sha256 of the events up to number `n`: what a fork names its parent with. */
export function prefixHash(records: readonly Recorded[], n: number): string {
  const prefix = records.filter((record) => record.n <= n);
  return sha256Of(prefix.map((record) => `${JSON.stringify(record)}\n`));
}

/** Names in a file's name, at most. */
const mostNames = 4;

/** The first event of a new scene, and what its file is called. */
function openingEvent(opening: Opening): { name: string; event: Recorded<OpenEvent> } {
  const time = new Date().toISOString();
  const names = opening.cast.slice(0, mostNames).map((part) => part.name);
  const { name, id } = timedName(time, [opening.play.id, ...names]);
  const head = { n: 1, time, kind: 'open', format: 'dramatis.stage', version: 1 } as const;
  return { name, event: { ...head, ...opening, id } };
}

function numbered(event: StageEvent, { last, damaged }: JournalEnd<Recorded>): Recorded {
  const n = (last?.n ?? 0) + damaged + 1;
  return { n, time: new Date().toISOString(), ...event };
}

/** Nothing checks what a journal holds. */
const isEvent = (record: Recorded | undefined): record is Recorded =>
  typeof record?.n === 'number' && typeof record.kind === 'string';

const unreadable = (path: string, why: string): DramatisError =>
  new DramatisError('TRANSCRIPT_UNREADABLE', `${path} is not the transcript of a scene: ${why}`);

function notAScene(first: object | undefined): string {
  if (first === undefined) return 'none of its lines can be read';
  const isTalk = 'kind' in first && first.kind === 'start';
  return isTalk ? 'it is a conversation of "dramatis chat"' : 'its first record is no event';
}
