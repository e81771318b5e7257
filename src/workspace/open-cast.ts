import { lookUpPlay, type OpenedPlay, openPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { isAct, parsePlace, requirePlace } from '../play/place.ts';
import type { CastMember, Place } from '../play/play.ts';
import { playOf } from './find-play.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** Who is meant, in which play, and where in the story. */
export interface CastRequest {
  readonly character: string;
  /** Id of a play or a file of one, or one that is open. Default: the one known play that has the character. */
  readonly play?: string | OpenedPlay | undefined;
  /** Such as "3.1" or "3.1.56". */
  readonly at?: string | undefined;
}

/** A character of a play that is open, at a point of the story. */
export interface OpenedCast {
  readonly play: OpenedPlay;
  readonly character: CastMember;
  readonly at: Place | undefined;
}

/**
 * Refuses what can be refused before the play is fetched or read.
 *
 * @throws {DramatisError} CHARACTER_UNKNOWN, CHARACTER_AMBIGUOUS, PLACE_UNKNOWN, PLAY_UNKNOWN, FILE_MISSING, OFFLINE
 */
export async function lookUpCast(
  workspace: Workspace,
  { character, play = playOf(character), at }: CastRequest,
): Promise<void> {
  if (at !== undefined && !isAct(at)) parsePlace(at);
  if (typeof play === 'string') await lookUpPlay(play, hubOptions(workspace));
}

/** @throws {DramatisError} What `lookUpCast` and `openPlay` throw. */
export async function openCast(
  workspace: Workspace,
  request: CastRequest,
  signal?: AbortSignal,
): Promise<OpenedCast> {
  await lookUpCast(workspace, request);
  const { character, play: given = playOf(character), at } = request;
  const play =
    typeof given === 'string' ? await openPlay(given, hubOptions(workspace, signal)) : given;
  return {
    play,
    character: findCharacter(play.play, character),
    at: at === undefined ? undefined : requirePlace(play.play, at),
  };
}
