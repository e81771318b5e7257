import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf } from '../store/disk.ts';
import { Journal, type JournalFault } from '../store/journal.ts';
import type { Lease } from '../store/lock.ts';
import { own } from '../store/owner.ts';
import { makePrivateFolder } from '../store/private-files.ts';
import { sweep } from '../store/sweep.ts';
import { nameSlug, timedName } from '../store/timed-name.ts';
import { type Account, advance, chosenOf, emptyAccount, type Line } from './conversation-lines.ts';
import type {
  ConversationRecord,
  ConversationStart,
  KeptTurn,
  SpokenTurn,
} from './conversation-record.ts';

/** A record before it is given its time. */
type Change = ConversationRecord extends infer R
  ? R extends ConversationRecord
    ? Omit<R, 'time'>
    : never
  : never;

/**
 * A conversation, kept as a journal that only its owner may read. What a method says is on the disk when it resolves; what
 * is taken back or replaced stays in the file. One in which nothing is said leaves no file.
 *
 * One process goes on with a conversation at a time, the one that owns it; others may read it, follow it, or go on with a
 * fork. What is changed is named by ids all the same, so that nobody changes what they do not know.
 */
export class Conversation {
  /** Empty for one that is kept in memory alone. */
  readonly path: string;
  /** Lines of the file that could not be read when it was resumed. */
  readonly faults: readonly JournalFault[];
  readonly #journal: Journal<ConversationRecord> | undefined;
  #account: Account;
  #owner: (Lease & AsyncDisposable) | undefined;
  /** The first record, which is written before the first turn. */
  readonly #start: ConversationRecord | undefined;
  /** Whether it is owned from its first turn on. */
  readonly #isOwnedLater: boolean;

  private constructor(
    journal: Journal<ConversationRecord> | undefined,
    account: Account,
    faults: readonly JournalFault[],
    start?: ConversationRecord,
    isOwnedLater = false,
  ) {
    this.path = journal?.path ?? '';
    this.faults = faults;
    this.#journal = journal;
    this.#account = account;
    this.#start = start;
    this.#isOwnedLater = isOwnedLater;
  }

  /** A conversation that is kept in memory alone. */
  static unrecorded(): Conversation {
    return new Conversation(undefined, emptyAccount, []);
  }

  /** @param isOwned Whether this process owns it from its first turn on: see `own`. */
  static async begin(
    folder: string,
    start: ConversationStart,
    isOwned = false,
  ): Promise<Conversation> {
    const time = new Date().toISOString();
    const path = newPath(folder, start, time);
    await sweep(folder);
    const record: ConversationRecord = { kind: 'start', format: 3, time, ...start };
    return new Conversation(journalAt(path), advance(emptyAccount, record), [], record, isOwned);
  }

  /** The conversation begun last with this character of this play; undefined if there is none. */
  static async latest(
    folder: string,
    { play, character }: Pick<ConversationStart, 'play' | 'character'>,
  ): Promise<Conversation | undefined> {
    const ending = new RegExp(`Z-${nameSlug(play)}-${nameSlug(character)}-[0-9a-f]{6}\\.jsonl$`);
    const names = await readdir(folder).catch((error: unknown): string[] => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    });
    // The names begin with the time: the last in order is the last in time.
    const name = names
      .filter((one) => ending.test(one))
      .sort()
      .at(-1);
    return name === undefined ? undefined : Conversation.resume(join(folder, name));
  }

  /** Goes on with the conversation in a file. */
  static async resume(path: string): Promise<Conversation> {
    const journal = journalAt(path);
    const { records, faults } = await journal.read();
    const start = records.find(({ kind }) => kind === 'start');
    return new Conversation(journal, records.reduce(advance, emptyAccount), faults, start);
  }

  /**
   * Makes this process the owner, until `release`.
   *
   * @throws {DramatisError} LOCKED, naming the process that owns it.
   */
  async own(): Promise<void> {
    if (this.#owner || !this.#journal) return;
    const id = idOf(this.path);
    const character = this.start ? ` with ${this.start.character}` : '';
    this.#owner = await own(
      this.path,
      `the conversation ${id}${character}`,
      `Go on with a copy: "dramatis chat --continue ${id} --fork"; look on: "dramatis conversations watch ${id}".`,
    );
  }

  /** Lets another process go on with it. */
  async release(): Promise<void> {
    await this.#owner?.[Symbol.asyncDispose]();
    this.#owner = undefined;
  }

  /**
   * A conversation in a file of its own that begins with all of this one.
   *
   * @throws {DramatisError} CONVERSATION_UNKNOWN if nobody can tell whom it is with; STORE_UNWRITABLE.
   */
  async fork(): Promise<Conversation> {
    const { start } = this;
    if (!this.#journal || !start)
      throw new DramatisError(
        'CONVERSATION_UNKNOWN',
        `${this.path || 'a conversation in memory'} does not say whom it is with`,
      );
    const { records } = await this.#journal.read();
    const path = newPath(dirname(this.path), start);
    const forkOf = idOf(this.path);
    const copied = records.map((record) =>
      record.kind === 'start' ? { ...record, forkOf } : record,
    );
    await makePrivateFolder(dirname(path));
    await journalAt(path).fill(copied);
    return Conversation.resume(path);
  }

  /** The turns that count, oldest first. */
  get turns(): readonly SpokenTurn[] {
    return this.lines.map((line) => {
      const { id: _, ...turn } = chosenOf(line);
      return turn;
    });
  }

  /** The places in the conversation, oldest first, each with the turns that could stand there. */
  get lines(): readonly Line[] {
    return this.#account.lines;
  }

  /** Whom it is with; undefined if that record is damaged, or nothing is kept. */
  get start(): ConversationStart | undefined {
    return this.#account.start;
  }

  /** What the visitor calls it; empty if nothing. */
  get name(): string {
    return this.#account.name;
  }

  /** Times of the first record and of the last about what was said; ISO 8601, empty if there are none. */
  get times(): { readonly begun: string; readonly last: string } {
    return { begun: this.#account.begun, last: this.#account.last };
  }

  /**
   * Appends a turn.
   *
   * @param answers Id of the words that it answers, after which it stands.
   * @returns       The turn's id.
   * @throws {DramatisError} STORE_UNWRITABLE; the conversation is then as it was.
   */
  async say(turn: SpokenTurn, answers?: string): Promise<string> {
    const id = newId();
    await this.#append({ kind: 'turn', ...turn, id, ...(answers !== undefined && { answers }) });
    return id;
  }

  /** Takes back the last turns known here, at most those there are; what others appended meanwhile stays. */
  async undo(turns: number): Promise<void> {
    const count = Math.min(turns, this.lines.length);
    if (count > 0) await this.remove(this.lines.slice(-count).map((line) => chosenOf(line).id));
  }

  /** Takes back these turns, with what could stand in their place. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.#append({ kind: 'removal', turns: ids });
  }

  /**
   * Keeps a turn beside the one named, and those that could stand in its place already.
   *
   * @param isChosen Whether it counts from now on.
   * @returns        The new turn's id.
   */
  async offer(to: string, turn: SpokenTurn, isChosen: boolean): Promise<string> {
    const kept = { ...turn, id: newId() };
    await this.#append({ kind: 'alternative', to, isChosen, turn: kept });
    return kept.id;
  }

  /** Makes a turn count, of those in its line. */
  async choose(id: string): Promise<void> {
    await this.#append({ kind: 'choice', turn: id });
  }

  /** Replaces turns by others, in one record: a crash leaves either the old ones or the new ones. @returns The new ids. */
  async replace(removed: readonly string[], turns: readonly SpokenTurn[]): Promise<string[]> {
    const kept: KeptTurn[] = turns.map((turn) => ({ ...turn, id: newId() }));
    await this.#append({ kind: 'edit', removed, turns: kept });
    return kept.map(({ id }) => id);
  }

  /** Gives the conversation a name; an empty one takes the name away. */
  async rename(name: string): Promise<void> {
    await this.#append({ kind: 'name', name });
  }

  async #append(change: Change): Promise<void> {
    const record = { ...change, time: new Date().toISOString() } as ConversationRecord;
    if (this.#journal) {
      await makePrivateFolder(dirname(this.path));
      // What is gone on with in another process is not changed in this one; a name is no such change.
      if (record.kind !== 'name') {
        if (this.#isOwnedLater) await this.own();
        await this.#owner?.requireHeld();
      }
      // Also where another process has deleted the file meanwhile.
      if (this.#start && !existsSync(this.path)) await this.#journal.append(this.#start);
      await this.#journal.append(record);
    }
    this.#account = advance(this.#account, record);
  }
}

const journalAt = (path: string): Journal<ConversationRecord> =>
  new Journal(path, { isPrivate: true });

function newPath(
  folder: string,
  { play, character }: ConversationStart,
  time = new Date().toISOString(),
): string {
  return join(folder, `${timedName(time, [play, character]).name}.jsonl`);
}

/** The end of a conversation's file name, by which it is called: six hexadecimal digits. */
export function idOf(path: string): string {
  return basename(path, '.jsonl').slice(-6);
}

const newId = (): string => randomBytes(6).toString('hex');
