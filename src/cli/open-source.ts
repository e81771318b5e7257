import type { Source } from '../corpus/source.ts';
import { splitOf } from '../corpus/splits/split.ts';
import type { HubOptions } from '../hub/events.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { UsageError } from './failure.ts';
import { playOf } from './find-play.ts';

export interface SourceRequest {
  readonly character?: string | undefined;
  readonly play?: string | undefined;
}

/** The play a command line names, with its parts, and whom it is about. */
export async function openSource(
  { character, play: named }: SourceRequest,
  hub: HubOptions,
): Promise<Source & { readonly opened: OpenedPlay }> {
  if (named === undefined && character === undefined)
    throw new UsageError('neither --play nor --character was given');
  const opened = await openPlay(named ?? playOf(character!), hub);
  const { play, id, sha256 } = opened;
  return {
    id,
    play,
    sha256,
    split: splitOf(id, play),
    character: character === undefined ? undefined : findCharacter(play, character),
    opened,
  };
}
