import type { Play } from '../../play/play.ts';
import { type CheckedDigests, checkDigests } from './check-digests.ts';
import type { Digests } from './digest.ts';
import { type DigestFile, faultError, parseDigestFile } from './digest-file.ts';
import { DigestPersons } from './digest-persons.ts';
import { relocate } from './relocate.ts';
import { StageLines } from './stage-lines.ts';

/** A play that is open, with the sha256 of its text. */
export interface PlayText {
  readonly play: Play;
  readonly sha256: string;
}

/** What a digest file comes to in a play. */
export interface ReadDigests extends CheckedDigests {
  /** Whether the file belongs to another edition of the play, and its places were looked for in this one. */
  readonly isRelocated: boolean;
}

/** Reads a digest file against a play, whole: what is without fault, and every fault. */
export function readDigestFile(text: string, { play, sha256 }: PlayText): ReadDigests {
  const file = parseDigestFile(text);
  const lines = new StageLines(play);
  const { header } = file;
  if (!header || header.text === sha256)
    return { ...checkDigests(file, play, lines), isRelocated: false };
  const persons = new DigestPersons(play, header.persons);
  const { rows, dropped } = relocate(file.rows, { lines, persons });
  const moved: DigestFile = { header, rows, faults: [...file.faults, ...dropped] };
  return { ...checkDigests(moved, play, lines), isRelocated: true };
}

/**
 * The digests of a file, for use: a file of this very text must be without fault; of one of another edition whatever is
 * found again, perhaps nothing.
 *
 * @param name What the file is called in an error.
 * @throws {DramatisError} DIGESTS_INVALID, with the first line that is wrong.
 */
export function readDigests(text: string, name: string, opened: PlayText): Digests {
  const { digests, faults, isRelocated } = readDigestFile(text, opened);
  const [first] = faults;
  if (first && !isRelocated) throw faultError(name, first);
  return { digests, dropped: faults };
}
