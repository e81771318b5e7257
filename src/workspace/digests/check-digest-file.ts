import { DramatisError } from '../../errors.ts';
import { openPlay } from '../../hub/plays.ts';
import { parseDigestFile } from '../../memory/digests/digest-file.ts';
import { type ReadDigests, readDigestFile } from '../../memory/digests/read-digests.ts';
import { readFileBytes } from '../../store/read-file-bytes.ts';
import { hubOptions, type Workspace } from '../workspace.ts';

/** A digest file as it was found to be. */
export interface CheckedDigestFile extends ReadDigests {
  /** Title of the play that it was checked against; undefined if the file does not say which. */
  readonly title: string | undefined;
}

/**
 * Checks a digest file against a play: all that is wrong with it, line by line.
 *
 * @param play Id or file of the play. Default: the play that the file's header names.
 * @throws {DramatisError} FILE_MISSING, PLAY_UNKNOWN, and what opening the play throws.
 */
export async function checkDigestFile(
  workspace: Workspace,
  { file, play }: { readonly file: string; readonly play?: string | undefined },
  signal?: AbortSignal,
): Promise<CheckedDigestFile> {
  const text = new TextDecoder().decode(await readFileBytes(file));
  const { header, faults } = parseDigestFile(text);
  const named = play ?? header?.play;
  if (named === undefined) return { digests: [], faults, isRelocated: false, title: undefined };
  const opened = await openPlay(named, hubOptions(workspace, signal)).catch((error: unknown) => {
    if (play !== undefined || !(error instanceof DramatisError)) throw error;
    throw new DramatisError(error.code, `${file} is about "${named}": ${error.message}`, {
      cause: error,
      remedy: 'Give the play with --play ID or --play FILE.',
    });
  });
  return { ...readDigestFile(text, opened), title: opened.play.title };
}
