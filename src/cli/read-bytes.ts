import { readText } from '../play/formats/decode.ts';
import { readAll, readFileBytes } from '../store/read-file-bytes.ts';
import type { GivenRowsFile } from '../workspace/open-rows.ts';

/**
 * The bytes of a file, or of the standard input for "-".
 *
 * @throws {DramatisError} FILE_MISSING if it cannot be read, or has no end.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  return path === '-' ? readAll(process.stdin, 'standard input') : readFileBytes(path);
}

/** The rows of a --data file, or none where none is given. */
export async function readGivenRows(path: string | undefined): Promise<GivenRowsFile | undefined> {
  if (path === undefined) return undefined;
  return { name: path, text: readText(await readBytes(path)).text };
}
