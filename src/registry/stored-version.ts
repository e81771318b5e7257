import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf, reasonOf } from '../store/disk.ts';
import { readStored } from '../store/read-stored.ts';
import { sha256 as hash } from '../store/sha256.ts';
import type { AdapterVersion } from './version.ts';
import { decodeVersion } from './version-file.ts';

export const versionFiles = { weights: 'adapter.gguf', version: 'version.json' } as const;

/** A stored file that is not what was written. */
export interface Damage {
  readonly path: string;
  /** A clause: what is wrong with it. */
  readonly fault: string;
}

/** The record of a version in its folder: whole, or what is wrong; undefined if there is no such folder. */
export async function readVersion(
  folder: string,
  id: string,
): Promise<AdapterVersion | Damage | undefined> {
  const path = join(folder, id, versionFiles.version);
  let bytes: Buffer;
  try {
    bytes = await readStored(path);
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? undefined : { path, fault: reasonOf(error) };
  }
  const found = decodeVersion(bytes);
  if ('fault' in found) return { path, fault: found.fault };
  return found.id === id ? found : { path, fault: `it is the record of ${found.id}` };
}

/** Reads a version's weights again, all of them: undefined if they are what was registered. */
export async function checkWeights(
  folder: string,
  { id, sha256 }: AdapterVersion,
): Promise<Damage | undefined> {
  const path = join(folder, id, versionFiles.weights);
  try {
    const found = hash(await readStored(path));
    return found === sha256 ? undefined : { path, fault: 'its content has changed' };
  } catch (error) {
    return { path, fault: errnoOf(error) === 'ENOENT' ? 'it is missing' : reasonOf(error) };
  }
}

export const isDamage = (found: AdapterVersion | Damage): found is Damage => 'fault' in found;

export function damagedVersion({ path, fault }: Damage): DramatisError {
  return new DramatisError('STORE_DAMAGED', `${path} is damaged: ${fault}`, {
    remedy: 'Register the same file again to repair it, or roll back to another version.',
  });
}
