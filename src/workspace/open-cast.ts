import { DramatisError } from '../errors.ts';
import { lookUpPlay, type OpenedPlay, openPlay } from '../hub/plays.ts';
import type { Card } from '../play/cast/character-card.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { normalName } from '../play/cast/label.ts';
import { isAct, parsePlace, requirePlace } from '../play/place.ts';
import type { CastMember, Place, Play } from '../play/play.ts';
import { isNamed } from '../prompt/persona/card.ts';
import { playOfCard } from './cards/open-card.ts';
import type { OwnCard } from './cards/read-card.ts';
import { playOf } from './find-play.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** Who is meant, in which play, and where in the story. */
export interface CastRequest {
  readonly character: string;
  /** Id of a play or a file of one, or one that is open. Default: the one known play that has the character. */
  readonly play?: string | OpenedPlay | undefined;
  /** Such as "3.1" or "3.1.56". */
  readonly at?: string | undefined;
  /** Who the character is by a card of the user's own: somebody in no play, unless the card or the request names one. */
  readonly card?: OwnCard | undefined;
  /** What the play's characters speak, where that is not what the play says. */
  readonly language?: string | undefined;
  /** The time whose words they use, such as "today". */
  readonly period?: string | undefined;
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
export async function lookUpCast(workspace: Workspace, request: CastRequest): Promise<void> {
  const { at } = request;
  const play = playFor(request);
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
  const { at } = request;
  const given = playFor(request);
  const opened =
    typeof given === 'string' ? await openPlay(given, hubOptions(workspace, signal)) : given;
  const found = findCharacter(opened.play, request.character);
  const { play, character } = asRequested(opened.play, found, request);
  return {
    play: play === opened.play ? opened : { ...opened, play },
    character,
    at: at === undefined ? undefined : requireScene(play, at),
  };
}

/** A play with what the request says of a character and of what is spoken; as it is where it says nothing. */
function asRequested(
  play: Play,
  found: CastMember,
  { card, language = card?.language, period = card?.period }: CastRequest,
): { readonly play: Play; readonly character: CastMember } {
  if (!card && language === undefined && period === undefined) return { play, character: found };
  const character = card ? withCard(found, card.card) : found;
  const cast = play.cast.map((member) => (member === found ? character : member));
  return {
    play: {
      ...play,
      ...(language !== undefined && { language }),
      ...(period !== undefined && { period }),
      cast,
    },
    character,
  };
}

/** The play that is asked for, or that the card names; without either, the known play of the character. */
function playFor({ character, play, card }: CastRequest): string | OpenedPlay {
  // A conversation that is gone on with names somebody in no play by the id of the card.
  const alone = card && playOfCard(card);
  if (alone && play === alone.id) return alone;
  if (play !== undefined) return play;
  if (card?.play !== undefined) return card.play;
  return alone && normalName(character) === card?.card.name ? alone : playOf(character);
}

/** The member of a cast as a card describes it, under a name that the cast has for it. */
function withCard(member: CastMember, card: Card): CastMember {
  const name = isNamed(member, card.name) ? card.name : member.name;
  return { ...member, card: { ...card, name } };
}

function requireScene(play: Play, at: string): Place {
  if (play.acts.length > 0) return requirePlace(play, at);
  throw new DramatisError(
    'PLACE_UNKNOWN',
    `${play.title} is in no play, so there is no scene ${at}`,
    {
      remedy: 'Leave --at out, or name a play: --play ID, or "play" in the card.',
    },
  );
}
