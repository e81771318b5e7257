import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { type Disk, errnoOf, syncFolder, unwritable } from '../store/disk.ts';
import { temporaryPath } from '../store/temporary.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import {
  checkWeights,
  type Damage,
  damagedVersion,
  isDamage,
  readVersion,
  versionFiles,
} from './stored-version.ts';
import { type AdapterVersion, idDigits, type Slot, slotOf } from './version.ts';
import { encodeVersion } from './version-file.ts';

/** A version whose weights were just read again and are whole. */
export interface OpenedVersion {
  readonly version: AdapterVersion;
  /** Path of adapter.gguf. */
  readonly path: string;
  /** The play adapter that is summed with it. */
  readonly on?: OpenedVersion;
}

export interface Filter extends Partial<Slot> {
  readonly layer?: 'play' | 'character';
}

export interface Listed {
  /** The newest first. */
  readonly versions: AdapterVersion[];
  /** Records that could not be read: those versions are left out. */
  readonly damage: Damage[];
}

/**
 * A folder of immutable versions, each in a folder named by the hash of its weights. A writer must hold the registry's
 * lock; a reader needs none, since a version appears and disappears by a rename.
 */
export class Versions {
  readonly folder: string;
  readonly #disk: Disk;

  constructor(folder: string, disk: Disk) {
    this.folder = folder;
    this.#disk = disk;
  }

  /** Ids of all versions there are, whole or damaged. */
  async ids(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw unwritable(this.folder, error);
    });
    return names.filter((name) => name.length === idDigits && /^[0-9a-f]+$/.test(name));
  }

  /**
   * Stores a version. One with the same bytes that is there already stays as it is; what is damaged of it is
   * written again.
   *
   * @returns The version there is now.
   * @throws {DramatisError} STORE_UNWRITABLE.
   */
  async put(version: AdapterVersion, bytes: Uint8Array): Promise<AdapterVersion> {
    const found = await readVersion(this.folder, version.id);
    if (found === undefined || isDamage(found)) {
      await this.#place(version, bytes);
      return version;
    }
    if (await checkWeights(this.folder, found)) await this.#write(version.id, 'weights', bytes);
    return found;
  }

  /** The newest first. A version whose record is damaged is left out and named in `damage`. */
  async list(filter: Filter = {}): Promise<Listed> {
    const versions: AdapterVersion[] = [];
    const damage: Damage[] = [];
    for (const id of await this.ids()) {
      const found = await readVersion(this.folder, id);
      if (found === undefined) continue; // pruned meanwhile, or not a version
      if (isDamage(found)) damage.push(found);
      else if (fits(found, filter)) versions.push(found);
    }
    versions.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.id < b.id ? -1 : 1));
    return { versions, damage };
  }

  /**
   * @param idOrPrefix As many digits of the id as no other version begins with; the whole sha256 works too.
   * @throws {DramatisError} ADAPTER_UNKNOWN if none or several begin so, STORE_DAMAGED if its record is damaged.
   */
  async get(idOrPrefix: string): Promise<AdapterVersion> {
    const prefix = idOrPrefix.toLowerCase();
    const ids = await this.ids();
    const near = ids.filter((id) => id.startsWith(prefix.slice(0, idDigits)));
    const [id] = near;
    if (!/^[0-9a-f]+$/.test(prefix) || id === undefined) {
      const message = `no adapter version is called "${idOrPrefix}", of ${ids.length} here`;
      throw new DramatisError('ADAPTER_UNKNOWN', message);
    }
    if (near.length > 1) {
      const message = `"${idOrPrefix}" fits ${near.length} versions: ${near.slice(0, 5).join(', ')}`;
      throw new DramatisError('ADAPTER_UNKNOWN', message);
    }
    const found = await readVersion(this.folder, id);
    if (found !== undefined && !isDamage(found) && found.sha256.startsWith(prefix)) return found;
    if (found !== undefined && isDamage(found)) throw damagedVersion(found);
    throw new DramatisError('ADAPTER_UNKNOWN', `no adapter version is called "${idOrPrefix}"`);
  }

  /**
   * A version to load: its weights are read and compared first, and those of the play adapter under it, so that a
   * damaged file is never handed out.
   *
   * @throws {DramatisError} As `get`; STORE_DAMAGED names the file.
   */
  async open(idOrPrefix: string): Promise<OpenedVersion> {
    const version = await this.get(idOrPrefix);
    const damage = await checkWeights(this.folder, version);
    if (damage) throw damagedVersion(damage);
    const on = version.on === undefined ? undefined : await this.open(version.on);
    const path = join(this.folder, version.id, versionFiles.weights);
    return { version, path, ...(on && { on }) };
  }

  /** Reads every stored file again, and names those that are not what was written. */
  async verify(): Promise<{ ids: string[]; damage: Damage[] }> {
    const damage: Damage[] = [];
    const ids = await this.ids();
    for (const id of ids) {
      const found = await readVersion(this.folder, id);
      if (found === undefined) {
        const path = join(this.folder, id, versionFiles.version);
        if (await isThere(join(this.folder, id))) damage.push({ path, fault: 'it is missing' });
      } else if (isDamage(found)) damage.push(found);
      else {
        const wrong = await checkWeights(this.folder, found);
        if (wrong) damage.push(wrong);
      }
    }
    return { ids, damage };
  }

  /** Removes a version: it is renamed first, and a temporary name that a kill in between leaves is swept later. */
  async remove(id: string): Promise<void> {
    const target = join(this.folder, id);
    const temporary = temporaryPath(target);
    try {
      await this.#disk.rename(target, temporary);
      await rm(temporary, { recursive: true, force: true });
    } catch (error) {
      throw unwritable(target, error);
    }
  }

  async #place(version: AdapterVersion, bytes: Uint8Array): Promise<void> {
    const target = join(this.folder, version.id);
    const record = encodeVersion(version);
    if (await isThere(target)) {
      await this.#write(version.id, 'weights', bytes);
      await this.#write(version.id, 'version', record);
      return;
    }
    const temporary = temporaryPath(target);
    const paths = [versionFiles.weights, versionFiles.version].map((name) => join(temporary, name));
    try {
      await this.#disk.makeFolder(temporary);
      await writeAtomic(paths[0]!, bytes, this.#disk);
      await writeAtomic(paths[1]!, record, this.#disk);
      await this.#disk.rename(temporary, target);
    } catch (error) {
      for (const path of paths) await this.#disk.unlink(path).catch(() => {});
      await rmdir(temporary).catch(() => {}); // what is left is swept when this process is gone
      throw unwritable(target, error instanceof DramatisError ? error.cause : error);
    }
    await syncFolder(this.folder, this.#disk).catch((error: unknown) => {
      throw unwritable(target, error);
    });
  }

  #write(id: string, file: keyof typeof versionFiles, bytes: Uint8Array): Promise<void> {
    return writeAtomic(join(this.folder, id, versionFiles[file]), bytes, this.#disk);
  }
}

function fits(version: AdapterVersion, { layer, ...slot }: Filter): boolean {
  const own = slotOf(version);
  const keys = ['play', 'character', 'base', 'form'] as const;
  const isSame = keys.every((key) => slot[key] === undefined || slot[key] === own[key]);
  return isSame && (layer === undefined || layer === version.layer);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
