import { DramatisError } from '../errors.ts';
import { partPaths } from '../gguf/part-paths.ts';
import { errnoOf } from '../store/disk.ts';
import { knownSha256 } from '../store/known-sha256.ts';
import { sha256 as hash } from '../store/sha256.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { findOnShelf } from './fetch-entry.ts';
import { modelShelf } from './model-shelf.ts';
import type { ResolvedModel } from './models.ts';

/**
 * SHA-256 of a model's file, in hex: what versions of adapters call their base. Of a model in several files it is the
 * SHA-256 of theirs, a line each, in their order.
 *
 * It is noted where the model was fetched. A file of the user's own is read once, 2 s a gigabyte, and again when its
 * path, size or time of change is another.
 *
 * @throws {DramatisError} FILE_MISSING
 */
export async function modelSha256(
  { path, entry }: Pick<ResolvedModel, 'path' | 'entry'>,
  options: HubOptions = {},
): Promise<string> {
  const fetched = entry && (await findOnShelf(entry, modelShelf(options), options));
  if (fetched?.path === path) return fetched.sha256;
  const { cache } = hubFolders(options);
  const each: string[] = [];
  for (const part of partPaths(path)) {
    each.push(
      await knownSha256(part, cache, options.signal).catch((cause: unknown) => {
        if (errnoOf(cause) !== 'ENOENT') throw cause;
        throw new DramatisError('FILE_MISSING', `cannot read ${part}`, { cause });
      }),
    );
  }
  return each.length === 1 ? each[0]! : hash(each.map((one) => `${one}\n`).join(''));
}
