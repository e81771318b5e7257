import {
  findConversation,
  type PastConversation,
  readConversations,
} from '../../actor/past-conversations.ts';
import { DramatisError } from '../../errors.ts';
import { UsageError } from '../failure.ts';
import type { ChatRequest } from './run-chat.ts';

/** A request that says with whom, by a name or a card, and in which conversation: true is the last one with that character. */
export type ResumedRequest = Omit<ChatRequest, 'resume'> & {
  readonly resume: boolean | string;
};

/**
 * Fills in from the conversation that is gone on with whatever the command line leaves open: the character, the play, the
 * model, and the point in the story.
 *
 * @throws {DramatisError} USAGE if nobody is named; CONVERSATION_UNKNOWN.
 */
export async function resumed(folder: string, request: ChatRequest): Promise<ResumedRequest> {
  const { character, cardFile, resume } = request;
  const isNamed = character !== undefined || cardFile !== undefined;
  if (resume === undefined) {
    if (isNamed) return { ...request, resume: false };
    throw new UsageError(
      'no character was given; "dramatis chat hamlet" talks with Hamlet, "dramatis chat --card FILE" with one of your own',
    );
  }
  if (resume === '') {
    if (isNamed) return { ...request, resume: true };
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
    cardFile: request.cardFile ?? start.card,
    model: request.model ?? start.model,
    at: request.at ?? (last ? last.at : start.at),
    resume: id,
  };
}
