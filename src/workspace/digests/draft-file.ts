import { readFile } from 'node:fs/promises';
import { DramatisError } from '../../errors.ts';
import type { OpenedPlay } from '../../hub/plays.ts';
import {
  digestFormat,
  digestVersion,
  faultError,
  parseDigestFile,
  writeDigestFile,
} from '../../memory/digests/digest-file.ts';
import type { DraftFile } from '../../memory/digests/draft/merge-draft.ts';
import { errnoOf } from '../../store/disk.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { hasOurDigests, ownDigestPath } from '../open-digests.ts';
import type { Workspace } from '../workspace.ts';

/** A digest file that is being drafted into. */
export interface OpenedDraft {
  readonly path: string;
  readonly content: DraftFile;
  /** Replaces its content, on the disk too. */
  write(content: DraftFile): Promise<void>;
}

/**
 * The file that digests of a play are drafted into, as it stands; an empty one if there is none.
 *
 * @param out Default: the play's file in the folder of digests.
 * @throws {DramatisError} USAGE if it would hide digests that are written by hand; DIGESTS_INVALID if it is no digest file of
 *   this text.
 */
export async function draftFileAt(
  { folders }: Workspace,
  { id, sha256 }: OpenedPlay,
  out: string | undefined,
): Promise<OpenedDraft> {
  const path = out ?? ownDigestPath(folders.digests, { id });
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
  if (text === undefined && out === undefined && hasOurDigests(id))
    throw new DramatisError(
      'USAGE',
      `${id} has digests written by hand, which a draft would hide`,
      {
        remedy: 'Give the file to write with --out FILE.',
      },
    );
  let content = text === undefined ? emptyFile(id, sha256) : contentOf(text, path, sha256);
  return {
    path,
    get content() {
      return content;
    },
    async write(changed) {
      await writeAtomic(path, writeDigestFile(changed.header, changed.rows));
      content = changed;
    },
  };
}

function emptyFile(play: string, text: string): DraftFile {
  const header = { format: digestFormat, version: digestVersion, play, text, persons: {} } as const;
  return { header, rows: [] };
}

function contentOf(text: string, path: string, hash: string): DraftFile {
  const { header, rows, faults } = parseDigestFile(text);
  if (faults[0]) throw faultError(path, faults[0]);
  if (!header || header.text !== hash)
    throw new DramatisError('DIGESTS_INVALID', `${path} belongs to another edition of the play`, {
      remedy: 'Give another file with --out FILE, or open the play text that the file names.',
    });
  return { header, rows: rows.map(({ row }) => row) };
}
