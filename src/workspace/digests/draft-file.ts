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
import { errnoOf, unreadable } from '../../store/disk.ts';
import { withLock } from '../../store/lock.ts';
import { refuseDevice } from '../../store/read-file-bytes.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { hasOurDigests, ownDigestPath } from '../open-digests.ts';
import type { Workspace } from '../workspace.ts';

/** A digest file that is being drafted into. */
export interface OpenedDraft {
  readonly path: string;
  readonly content: DraftFile;
  /**
   * Changes its content, on the disk too: what others have written there meanwhile, by hand or in another run, is changed, not
   * what it was when it was opened.
   */
  update(change: (content: DraftFile) => DraftFile): Promise<void>;
}

/**
 * The file that digests of a play are drafted into, as it stands; an empty one if there is none.
 *
 * @param out Default: the play's file in the folder of digests.
 * @throws {DramatisError} USAGE if it would hide digests that are written by hand; DIGESTS_INVALID if it is no digest file of
 *   this text; STORE_UNREADABLE, FILE_MISSING for a folder or a device.
 */
export async function draftFileAt(
  { folders }: Workspace,
  { id, sha256 }: OpenedPlay,
  out: string | undefined,
): Promise<OpenedDraft> {
  const path = out ?? ownDigestPath(folders.digests, { id });
  const text = await textAt(path);
  if (text === undefined && out === undefined && hasOurDigests(id))
    throw new DramatisError(
      'USAGE',
      `${id} has digests written by hand, which a draft would hide`,
      {
        remedy: 'Give the file to write with --out FILE.',
      },
    );
  const read = (from: string | undefined): DraftFile =>
    from === undefined ? emptyFile(id, sha256) : contentOf(from, path, sha256);
  let content = read(text);
  return {
    path,
    get content() {
      return content;
    },
    update: (change) =>
      withLock(path, async () => {
        content = change(read(await textAt(path)));
        await writeAtomic(path, writeDigestFile(content.header, content.rows));
      }),
  };
}

/** What the file holds; undefined if it is not there. */
async function textAt(path: string): Promise<string | undefined> {
  await refuseDevice(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
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
