import type { Source } from '../corpus/source.ts';
import { splitOf } from '../corpus/splits/split.ts';
import { DramatisError } from '../errors.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { playOf } from './find-play.ts';
import { openDigests } from './open-digests.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** A play, a character of it, or both. */
export interface SourceRequest {
  readonly character?: string | undefined;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  /** Whether the play's digests are read, which rows of the kind `know` are made of. */
  readonly digests?: boolean | undefined;
}

export type OpenedSource = Source & { readonly opened: OpenedPlay };

/**
 * A play with its parts, and the character it is to be about.
 *
 * @throws {DramatisError} USAGE if neither is named; CHARACTER_UNKNOWN, CHARACTER_AMBIGUOUS, and what `openPlay` throws.
 */
export async function openSource(
  workspace: Workspace,
  { character, play: named, digests: wanted = false }: SourceRequest,
  signal?: AbortSignal,
): Promise<OpenedSource> {
  const opened = await openPlay(
    named ?? playOf(requireCharacter(character)),
    hubOptions(workspace, signal),
  );
  const { play, id, sha256 } = opened;
  return {
    id,
    play,
    sha256,
    split: splitOf(id, play),
    character: character === undefined ? undefined : findCharacter(play, character),
    digests: wanted ? (await openDigests(workspace, opened))?.digests : undefined,
    opened,
  };
}

function requireCharacter(character: string | undefined): string {
  if (character !== undefined) return character;
  throw new DramatisError('USAGE', 'neither --play nor --character was given');
}
