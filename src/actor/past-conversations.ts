import { readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf, realDisk, syncFolder, unwritable } from '../store/disk.ts';
import { Journal } from '../store/journal.ts';
import { closeToOthers } from '../store/private-files.ts';
import { sweep } from '../store/sweep.ts';
import { Conversation, idOf } from './conversation.ts';
import type { ConversationRecord, ConversationStart } from './conversation-record.ts';

/** A conversation that is kept, and what it is found by. */
export interface PastConversation {
  /** Six hexadecimal digits, the end of the file's name. */
  readonly id: string;
  readonly start: ConversationStart;
  readonly conversation: Conversation;
}

/** Every conversation in a folder, and a sentence on each file that is none. */
export interface PastConversations {
  /** What was gone on with last comes first. */
  readonly conversations: readonly PastConversation[];
  readonly unreadable: readonly string[];
}

/**
 * Reads every conversation in a folder; none if there is no folder. The folder is closed to others, as an older version
 * left it open.
 */
export async function readConversations(folder: string): Promise<PastConversations> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) await closeToOthers(folder);
  await sweep(folder);
  const conversations: PastConversation[] = [];
  const unreadable: string[] = [];
  for (const name of names.filter((one) => /(?<!\.stage)\.jsonl$/.test(one))) {
    const path = join(folder, name);
    try {
      const conversation = await Conversation.resume(path);
      const { start } = conversation;
      if (start) conversations.push({ id: idOf(path), start, conversation });
      else unreadable.push(`${path} does not say whom it is with`);
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      unreadable.push(error.message); // one file must not hide the others
    }
  }
  const last = ({ conversation }: PastConversation): string => conversation.times.last;
  conversations.sort((a, b) => (last(a) < last(b) ? 1 : -1));
  return { conversations, unreadable };
}

/**
 * The conversation that a name, an id or the start of an id means.
 *
 * @throws {DramatisError} CONVERSATION_UNKNOWN if none or several are meant; STORE_UNREADABLE if its file cannot be read.
 */
export async function findConversation(folder: string, asked: string): Promise<PastConversation> {
  const { conversations, unreadable } = await readConversations(folder);
  const wanted = asked.trim().toLowerCase();
  const named = conversations.filter(
    ({ conversation: { name } }) => name !== '' && name.toLowerCase() === wanted,
  );
  const found =
    named.length > 0 || wanted === ''
      ? named
      : conversations.filter(({ id }) => id.startsWith(wanted));
  if (found.length === 1) return found[0]!;
  // Its file is there, and says nothing.
  const silent = wanted !== '' && unreadable.find((what) => what.includes(`-${wanted}`));
  if (found.length === 0 && silent) throw new DramatisError('STORE_UNREADABLE', silent);
  const meant = found.map(({ id, start }) => `${id} with ${start.character}`).join(', ');
  const what = found.length > 1 ? `"${asked}" means several conversations: ${meant}` : undefined;
  throw new DramatisError('CONVERSATION_UNKNOWN', what ?? `no conversation is called "${asked}"`);
}

/** The records of a conversation and whatever is appended to it, until the signal aborts. */
export function followConversation(
  { conversation }: PastConversation,
  signal: AbortSignal,
): AsyncGenerator<ConversationRecord> {
  return new Journal<ConversationRecord>(conversation.path).follow(signal);
}

/** A line in which all the words searched for stand. */
export interface FoundLine {
  /** Index of the line. */
  readonly at: number;
  readonly speaker: string;
  readonly text: string;
  /** Where in the text the first of them begins. */
  readonly from: number;
}

/** The lines of a conversation in which every word stands, in any order and case. */
export function findLines(
  { turns }: Pick<Conversation, 'turns'>,
  words: readonly string[],
): FoundLine[] {
  const wanted = words.map((word) => word.toLowerCase());
  return turns.flatMap(({ speaker, text }, at) => {
    const places = wanted.map((word) => text.toLowerCase().indexOf(word));
    const from = Math.min(...places);
    return from < 0 ? [] : [{ at, speaker, text, from }];
  });
}

/**
 * Deletes a conversation for good.
 *
 * @throws {DramatisError} STORE_UNWRITABLE; LOCKED while a process goes on with it.
 */
export async function deleteConversation({
  conversation,
}: Pick<PastConversation, 'conversation'>): Promise<void> {
  await conversation.own();
  try {
    await unlink(conversation.path);
    await syncFolder(dirname(conversation.path), realDisk); // nothing comes back after a power cut
  } catch (error) {
    throw unwritable(conversation.path, error);
  } finally {
    await conversation.release();
  }
}
