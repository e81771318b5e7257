import { Conversation } from '../actor/conversation.ts';
import { Dialogue } from '../actor/dialogue.ts';
import { freshSeed, type Sampling } from '../engine/sampling.ts';
import { formatPlace } from '../play/place.ts';
import type { ActorRequest } from './open-actor.ts';
import type { OpenedActor } from './opened-actor.ts';
import { version } from './program.ts';
import type { Workspace } from './workspace.ts';

/** How a dialogue is drawn, and what its record says that the actor was opened with. */
export interface DialogueRequest extends Pick<ActorRequest, 'adapter' | 'steer' | 'prompt'> {
  /** Goes on with the last conversation with this character. */
  readonly resume?: boolean | undefined;
  /** Seed of the first answer; a random one unless given. */
  readonly seed?: number | undefined;
  readonly sampling?: Partial<Sampling> | undefined;
  readonly maxTokens?: number | undefined;
}

/**
 * Opens a dialogue whose turns are kept in the folder of conversations.
 *
 * @throws {DramatisError} STORE_DAMAGED, and what writing the journal throws.
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
    at: actor.at && formatPlace(actor.at),
    steer: request.steer ?? [],
    ...(request.prompt !== undefined && { prompt: request.prompt }),
    seed,
    version: version(),
  };
  const latest = request.resume
    ? await Conversation.latest(folders.conversations, start)
    : undefined;
  const conversation = latest ?? (await Conversation.begin(folders.conversations, start));
  return new Dialogue({ actor, conversation, seed, sampling, maxTokens });
}
