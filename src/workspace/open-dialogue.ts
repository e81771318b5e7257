import { resolve } from 'node:path';
import { Conversation } from '../actor/conversation.ts';
import type { ConversationStart } from '../actor/conversation-record.ts';
import { Dialogue } from '../actor/dialogue.ts';
import { findConversation } from '../actor/past-conversations.ts';
import { freshSeed, type Sampling } from '../engine/sampling.ts';
import { DramatisError } from '../errors.ts';
import { formatPlace } from '../play/place.ts';
import type { ActorRequest } from './open-actor.ts';
import type { OpenedActor } from './opened-actor.ts';
import { version } from './program.ts';
import type { Workspace } from './workspace.ts';

/** How a dialogue is drawn, and what its record says that the actor was opened with. */
export interface DialogueRequest extends Pick<ActorRequest, 'adapter' | 'steer' | 'prompt'> {
  /** Goes on with the last conversation with this character, or with the one of this id or name. */
  readonly resume?: boolean | string | undefined;
  /** Goes on with a copy of it, in a file of its own: another process may go on with the first. */
  readonly fork?: boolean | undefined;
  /** Seed of the first answer; a random one unless given. */
  readonly seed?: number | undefined;
  readonly sampling?: Partial<Sampling> | undefined;
  readonly maxTokens?: number | undefined;
  /** Path of the card that the actor was opened with. */
  readonly cardFile?: string | undefined;
}

/**
 * Opens a dialogue whose turns are kept in the folder of conversations. It owns its conversation until it is disposed of.
 *
 * @throws {DramatisError} CONVERSATION_UNKNOWN, also if the one named is with somebody else; LOCKED if another
 *   process goes on with it; what reading the journal throws.
 */
export async function openDialogue(
  { folders }: Pick<Workspace, 'folders'>,
  { actor, play, modelName }: Pick<OpenedActor, 'actor' | 'play' | 'modelName'>,
  request: DialogueRequest,
): Promise<Dialogue> {
  const { seed = freshSeed(), sampling, maxTokens } = request;
  const start = {
    play: play.id,
    playHash: play.sha256,
    character: actor.character.name,
    model: modelName,
    adapter: request.adapter,
    form: actor.form,
    ...(request.cardFile !== undefined &&
      actor.character.card && { card: resolve(request.cardFile) }),
    at: actor.at && formatPlace(actor.at),
    steer: request.steer ?? [],
    ...(request.prompt !== undefined && { prompt: request.prompt }),
    seed,
    version: version(),
  };
  const found = await formerOf(folders.conversations, start, request.resume);
  const former = request.fork ? await found?.fork() : found;
  await former?.own();
  const conversation = former ?? (await Conversation.begin(folders.conversations, start, true));
  return new Dialogue({ actor, conversation, seed, sampling, maxTokens });
}

async function formerOf(
  folder: string,
  start: ConversationStart,
  resume: DialogueRequest['resume'],
): Promise<Conversation | undefined> {
  if (typeof resume !== 'string') {
    return resume ? Conversation.latest(folder, start) : undefined;
  }
  const { id, start: own, conversation } = await findConversation(folder, resume);
  if (own.play === start.play && own.character === start.character) return conversation;
  throw new DramatisError(
    'CONVERSATION_UNKNOWN',
    `the conversation ${id} is with ${own.character} of ${own.play}, not with ${start.character} of ${start.play}`,
  );
}
