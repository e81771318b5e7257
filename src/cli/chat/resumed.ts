import {
  findConversation,
  type PastConversation,
  readConversations,
} from '../../actor/past-conversations.ts';
import { DramatisError } from '../../errors.ts';
import { UsageError } from '../failure.ts';
import type { ChatRequest } from './run-chat.ts';

/** A request that says with whom, and in which conversation: true is the last one with that character. */
export type ResumedRequest = Omit<ChatRequest, 'character' | 'resume'> & {
  readonly character: string;
  readonly resume: boolean | string;
};

/**
 * Fills in from the conversation that is gone on with whatever the command line leaves open: the character, the play, the
 * model, and the point in the story.
 *
 * @throws {DramatisError} USAGE if nobody is named; CONVERSATION_UNKNOWN.
 */
export async function resumed(folder: string, request: ChatRequest): Promise<ResumedRequest> {
  const { character, resume } = request;
  if (resume === undefined) {
    if (character !== undefined) return { ...request, character, resume: false };
    throw new UsageError('no character was given; "dramatis chat hamlet" talks with Hamlet');
  }
  if (resume === '') {
    if (character !== undefined) return { ...request, character, resume: true };
    const [last] = (await readConversations(folder)).conversations;
    if (last) return filled(request, last);
    throw new UsageError('there is no conversation to go on with; name a character to begin one');
  }
  try {
    return filled(request, await findConversation(folder, resume));
  } catch (error) {
    // "chat --continue hamlet": the word after the option may be whom to talk with.
    const isName = character === undefined && !/^[0-9a-f]+$/.test(resume);
    if (isName && error instanceof DramatisError && error.code === 'CONVERSATION_UNKNOWN')
      return { ...request, character: resume, resume: true };
    throw error;
  }
}

function filled(request: ChatRequest, { id, start, conversation }: PastConversation) {
  const last = conversation.turns.at(-1);
  return {
    ...request,
    character: request.character ?? start.character,
    play: request.play ?? start.play,
    model: request.model ?? start.model,
    at: request.at ?? (last ? last.at : start.at),
    resume: id,
  };
}
