import {
  copyFile,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  symlink,
  unlink,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errnoOf, unwritable } from '../store/disk.ts';
import { folders, homeOf } from '../store/folders.ts';
import { makeFolder } from '../store/make-folder.ts';
import { temporaryPath } from '../store/temporary.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { Environment } from './events.ts';

/**
 * The cache that Hugging Face's own programs use, so that a model is on the disk once:
 * `models--user--repo/{blobs,refs,snapshots/<commit>}`, where a snapshot's files point into blobs
 * named by checksum.
 */
export function hfCacheFolder(env: Environment): string {
  if (env.HF_HUB_CACHE) return env.HF_HUB_CACHE;
  return join(hfHome(env), 'hub');
}

function hfHome(env: Environment): string {
  if (env.HF_HOME) return env.HF_HOME;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'huggingface');
  const home = env.HOME || homeOf(env);
  return join(home === undefined ? folders(env).cache : join(home, '.cache'), 'huggingface');
}

/** The user's token: HF_TOKEN, or the file in which the hub's login keeps it. */
export async function hfToken(env: Environment): Promise<string | undefined> {
  if (env.HF_TOKEN) return env.HF_TOKEN.trim();
  const path = env.HF_TOKEN_PATH || join(hfHome(env), 'token');
  const token = await readFile(path, 'utf8').catch(() => '');
  return token.trim() || undefined;
}

export function hfEndpoint(env: Environment): string {
  return (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
}

/** One repository's folder in the cache. */
export class HfRepo {
  readonly folder: string;
  readonly #env: Environment;

  constructor(repo: string, env: Environment) {
    this.folder = join(hfCacheFolder(env), `models--${repo.replaceAll('/', '--')}`);
    this.#env = env;
  }

  /** The commit that a branch or tag was at when last asked; a commit is its own. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const commit = await readFile(join(this.folder, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(commit.trim()) ? commit.trim() : undefined;
  }

  /** Every commit of which a file is here, the one that was fetched last first. */
  async commits(): Promise<string[]> {
    const root = join(this.folder, 'snapshots');
    const names = (await readdir(root).catch(() => [])).filter(isCommit);
    const times = await Promise.all(
      names.map((name) =>
        stat(join(root, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    return names
      .map((name, i) => ({ name, time: times[i]! }))
      .sort((a, b) => b.time - a.time)
      .map(({ name }) => name);
  }

  /** Path of a file that is here; undefined if it is not. */
  async find(commit: string, file: string): Promise<string | undefined> {
    const path = join(this.folder, 'snapshots', commit, file);
    return stat(path).then(
      (entry) => (entry.isFile() ? path : undefined),
      () => undefined,
    );
  }

  /** Every file of a commit that is here. */
  async list(commit: string): Promise<string[]> {
    const root = join(this.folder, 'snapshots', commit);
    const names = await readdir(root, { recursive: true }).catch(() => []);
    const files: string[] = [];
    for (const name of names) {
      const path = name.split(sep).join('/');
      if (await this.find(commit, path)) files.push(path);
    }
    return files.sort();
  }

  blob(etag: string): string {
    return join(this.folder, 'blobs', etag);
  }

  /**
   * Lists a blob under its name in a commit, and the commit under the revision asked for.
   *
   * @returns Path of the file in the snapshot.
   * @throws {DramatisError} STORE_UNWRITABLE.
   */
  async link(blob: string, file: string, commit: string, revision: string): Promise<string> {
    const path = join(this.folder, 'snapshots', commit, file);
    try {
      await makeFolder(dirname(path));
      if (!(await this.find(commit, file))) await this.#point(path, blob);
    } catch (error) {
      throw unwritable(path, error);
    }
    if (!isCommit(revision)) await writeAtomic(join(this.folder, 'refs', revision), commit);
    return path;
  }

  /** A link where the file system has them; else the file itself, as the hub's own programs do. */
  async #point(path: string, blob: string): Promise<void> {
    const temporary = temporaryPath(path);
    const isLinked = isOn(this.#env.HF_HUB_DISABLE_SYMLINKS)
      ? false
      : await symlink(
          relative(await realpath(dirname(path)), await realpath(blob)),
          temporary,
        ).then(
          () => true,
          (error: unknown) => {
            if (['EPERM', 'ENOSYS', 'ENOTSUP', 'EACCES'].includes(errnoOf(error) ?? ''))
              return false;
            throw error;
          },
        );
    if (isLinked) return rename(temporary, path);
    await copyFile(blob, temporary);
    await rename(temporary, path);
    await unlink(blob); // the snapshot's own copy is enough
  }
}

export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** How the hub's programs read a switch in the environment. */
export function isOn(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes((value ?? '').toUpperCase());
}
