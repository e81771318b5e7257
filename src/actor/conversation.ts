import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stop } from '../engine/session/reply-text.ts';
import { type Turn, VISITOR } from '../prompt/prompt.ts';
import type { LeverCost } from '../steer/steering.ts';
import { errnoOf } from '../store/disk.ts';
import { Journal, type JournalFault } from '../store/journal.ts';
import type { AdapterName } from './adapter-source.ts';
import type { ReflectionRecord } from './review/reflect.ts';

/** What a conversation is with, and with what: its first record. */
export interface ConversationStart {
  /** Catalogue id of the play, or its file's name. */
  readonly play: string;
  /** sha256 of the play's text. */
  readonly playHash: string;
  /** Cast name. */
  readonly character: string;
  /** As given with --model. */
  readonly model: string;
  /** As given with --adapter; by default what is promoted: each answer says what it was spoken with. */
  readonly adapter?: string | undefined;
  readonly form: string;
  readonly at?: string | undefined;
  /** Names of the levers that were on at the start. */
  readonly steer: boolean | readonly string[];
  /** Name of the prompt template, unless it was the default. */
  readonly prompt?: string | undefined;
  readonly seed: number;
  /** Of Dramatis. */
  readonly version: string;
}

/** What somebody said, with how a character's words came about. */
export interface SpokenTurn extends Turn {
  readonly seed?: number;
  /** Why it ended; 'cut' if the visitor stopped it. */
  readonly stop?: Stop | 'cut';
  /** The adapters it was spoken with; none: the model alone. */
  readonly adapters?: readonly AdapterName[];
  /** The point in the story it was said at. */
  readonly at?: string | undefined;
  /** The levers that bent it, with what each cost. */
  readonly levers?: readonly string[];
  readonly costs?: readonly LeverCost[];
  /** What was not said in its place, and why. */
  readonly reflection?: ReflectionRecord | undefined;
}

/** What a turn of format 1 has under another name: its speaker is "visitor" or "character", its adapters are `worn`. */
interface Format1Turn {
  readonly worn?: readonly AdapterName[];
}

type ConversationRecord =
  | ({ readonly kind: 'start'; readonly format: 1 | 2; readonly time: string } & ConversationStart)
  | ({ readonly kind: 'turn'; readonly time: string } & SpokenTurn & Format1Turn)
  /** The last `turns` turns no longer count; they stay in the file. */
  | { readonly kind: 'undo'; readonly time: string; readonly turns: number };

/**
 * A conversation, kept as a journal: a record when it starts, one for each turn, one for each undo. A
 * turn is on the disk when `say` resolves, and nothing but an undo ever takes it back. One in which
 * nothing is said leaves no file.
 */
export class Conversation {
  /** Empty for one that is kept in memory alone. */
  readonly path: string;
  /** Lines of the file that could not be read when it was resumed. */
  readonly faults: readonly JournalFault[];
  readonly #journal: Journal<ConversationRecord> | undefined;
  #turns: readonly SpokenTurn[];
  /** The first record, until it is written. */
  #start: ConversationRecord | undefined;

  private constructor(
    journal: Journal<ConversationRecord> | undefined,
    turns: readonly SpokenTurn[],
    faults: readonly JournalFault[],
    start?: ConversationRecord,
  ) {
    this.path = journal?.path ?? '';
    this.faults = faults;
    this.#journal = journal;
    this.#turns = turns;
    this.#start = start;
  }

  /** A conversation that is kept in memory alone. */
  static unrecorded(): Conversation {
    return new Conversation(undefined, [], []);
  }

  static async begin(folder: string, start: ConversationStart): Promise<Conversation> {
    const time = new Date().toISOString();
    const stamp = time.replaceAll(/[:.]/g, '-');
    const name = `${stamp}-${slug(start.play)}-${slug(start.character)}`;
    const path = join(folder, `${name}-${randomBytes(3).toString('hex')}.jsonl`);
    const journal = new Journal<ConversationRecord>(path);
    return new Conversation(journal, [], [], { kind: 'start', format: 2, time, ...start });
  }

  /** The conversation begun last with this character of this play; undefined if there is none. */
  static async latest(
    folder: string,
    { play, character }: Pick<ConversationStart, 'play' | 'character'>,
  ): Promise<Conversation | undefined> {
    const ending = new RegExp(`Z-${slug(play)}-${slug(character)}-[0-9a-f]{6}\\.jsonl$`);
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
    const journal = new Journal<ConversationRecord>(path);
    const { records, faults } = await journal.read();
    return new Conversation(journal, turnsOf(records), faults);
  }

  /** The turns that count, oldest first. */
  get turns(): readonly SpokenTurn[] {
    return this.#turns;
  }

  /** @throws {DramatisError} STORE_UNWRITABLE; the conversation is then as it was. */
  async say(turn: SpokenTurn): Promise<void> {
    await this.#append({ kind: 'turn', time: new Date().toISOString(), ...turn });
    this.#turns = [...this.#turns, turn];
  }

  /** Takes back the last turns, at most those there are. */
  async undo(turns: number): Promise<void> {
    const count = Math.min(turns, this.#turns.length);
    if (count === 0) return;
    await this.#append({ kind: 'undo', time: new Date().toISOString(), turns: count });
    this.#turns = this.#turns.slice(0, -count);
  }

  async #append(record: ConversationRecord): Promise<void> {
    if (this.#start) await this.#journal?.append(this.#start);
    this.#start = undefined;
    await this.#journal?.append(record);
  }
}

function turnsOf(records: readonly ConversationRecord[]): SpokenTurn[] {
  let turns: SpokenTurn[] = [];
  let nameOf = (speaker: string): string => speaker;
  for (const record of records) {
    if (record.kind === 'start' && record.format === 1) nameOf = namesOfFormat1(record);
    if (record.kind === 'undo') turns = turns.slice(0, Math.max(0, turns.length - record.turns));
    if (record.kind !== 'turn') continue;
    const { kind: _, time: __, worn, ...turn } = record;
    turns.push({ ...turn, ...(worn && { adapters: worn }), speaker: nameOf(turn.speaker) });
  }
  return turns;
}

/** A conversation of format 1 may have been gone on with since, under cast names. */
function namesOfFormat1({ character }: ConversationStart): (speaker: string) => string {
  const names = new Map([
    ['visitor', VISITOR],
    ['character', character],
  ]);
  return (speaker) => names.get(speaker) ?? speaker;
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
