import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelEntry } from '../../hub/catalogue.ts';
import { rememberSha256 } from '../../store/known-sha256.ts';
import { makeFolder } from '../../store/make-folder.ts';

/**
 * Makes a model of the catalogue seem to be in a home: any file in its place, with a note that its content was verified.
 *
 * @param write Writes the file; without one it is empty.
 */
export async function pretendHere(
  home: string,
  { id, file, sha256 }: ModelEntry,
  write: (path: string) => unknown = (path) => writeFileSync(path, ''),
): Promise<void> {
  const folder = join(home, 'models');
  await makeFolder(folder);
  const path = join(folder, file);
  await write(path);
  const note = { id, from: [], bytes: statSync(path).size, sha256 };
  writeFileSync(`${path}.origin.json`, JSON.stringify(note));
  await rememberSha256(path, join(home, 'cache'), sha256);
}
