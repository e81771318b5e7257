import type { Digest } from '../memory/digests/digest.ts';
import type { CastMember, Play } from '../play/play.ts';
import type { SceneSplit } from './splits/scene-split.ts';

/** A play to train on or to make items from, with its parts. */
export interface Source {
  /** Catalogue id, or the file's name for a play that is not in the catalogue. */
  readonly id: string;
  readonly play: Play;
  /** The edition: sha256 of the play's text, in hex. */
  readonly sha256: string;
  readonly split: SceneSplit;
  /** Whom it is about; without one, everybody. */
  readonly character?: CastMember | undefined;
  /** What happens in the play and who knows it, where rows are to be made of it. */
  readonly digests?: readonly Digest[] | undefined;
}
