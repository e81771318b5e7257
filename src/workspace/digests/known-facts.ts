import type { OpenedPlay } from '../../hub/plays.ts';
import type { Digest, Knowledge } from '../../memory/digests/digest.ts';
import { knownBy } from '../../memory/digests/known-by.ts';
import { renderDigest } from '../../memory/digests/render-digest.ts';
import { formatPlace } from '../../play/place.ts';
import type { CastMember, Place } from '../../play/play.ts';
import { callsOf } from '../../prompt/persona/relations.ts';

/** A fact as somebody tells it, in the shape `digest show --json` prints. */
export interface KnownFact {
  readonly id: string;
  /** Place of the first line that shows it. */
  readonly place: string;
  readonly text: string;
  /** How the character knows it; undefined where nobody in particular tells it. */
  readonly way?: Knowledge['way'];
  /** Place from which on the character knows it. */
  readonly since?: string;
  /** Who told it. */
  readonly by?: string;
}

/**
 * The facts of a play in its order: all of them in the third person, or those that a character knows at a place, in its own
 * words.
 */
export function knownFacts(
  { play }: Pick<OpenedPlay, 'play'>,
  digests: readonly Digest[],
  {
    character,
    before,
  }: { readonly character?: CastMember | undefined; readonly before?: Place | undefined },
): KnownFact[] {
  if (!character)
    return digests.map((digest) => ({
      id: digest.id,
      place: formatPlace(digest.from),
      text: renderDigest(digest),
    }));
  const calls = callsOf(play, character);
  return digests.flatMap((digest) => {
    const knowledge = knownBy(digest, character.name, before);
    if (!knowledge) return [];
    const { way, at, by } = knowledge;
    return {
      id: digest.id,
      place: formatPlace(digest.from),
      text: renderDigest(digest, { character: character.name, calls }),
      way,
      since: formatPlace(at),
      ...(by && { by: by.name }),
    };
  });
}
