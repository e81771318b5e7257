import { stat, statfs } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf, reasonOf } from './disk.ts';

/** Where everything that Dramatis keeps lies; absolute paths, none of them created here. */
export interface Folders {
  /** Play texts as fetched. */
  readonly plays: string;
  /** Weights as fetched or converted. */
  readonly models: string;
  /** Memory indices: derived, and rebuilt when the play or the embedding model changes. */
  readonly indices: string;
  /** Digests of plays, the user's own or drafted. */
  readonly digests: string;
  /** Cards of characters of the user's own. */
  readonly cards: string;
  /** Trained adapters, immutable, named by content hash. */
  readonly adapters: string;
  /** Training and evaluation runs. */
  readonly runs: string;
  /** One journal for every conversation. */
  readonly conversations: string;
  /** What may be deleted at any time. */
  readonly cache: string;
  /** Settings of this user: see `Settings`. */
  readonly config: string;
  /** Command history, logs. */
  readonly state: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The user's own folder: what HOME says, if that is a place; else what the system knows; undefined where that knows nothing
 * of this user, as in a container that runs under any number.
 *
 * @param systemHome As `homedir` of `node:os`, which throws there.
 */
export function homeOf({ HOME }: Environment, systemHome = homedir): string | undefined {
  if (HOME && isAbsolute(HOME)) return HOME;
  try {
    const known = systemHome();
    return isAbsolute(known) ? known : userInfo().homedir;
  } catch {
    return undefined;
  }
}

/** File systems of the kernel, in which no file can be kept: proc and sysfs. */
const kernelFileSystems = new Set([0x9fa0, 0x62656572]);

/** Why nothing can be kept in a folder that may not exist yet, as a clause; undefined if nothing speaks against it. */
export async function folderFault(path: string): Promise<string | undefined> {
  for (let at = path; ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) return `${at} is not a folder`;
      const { type } = await statfs(at);
      return kernelFileSystems.has(type) ? `${at} is a view of the kernel, not a disk` : undefined;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'ENOENT' && errno !== 'ENOTDIR') return reasonOf(error);
      if (dirname(at) === at) return undefined;
    }
  }
}

/**
 * Refuses surroundings in which nothing can be kept, before a command begins to work.
 *
 * @throws {DramatisError} STORE_UNWRITABLE
 */
export async function requireFolders(env: Environment = process.env): Promise<void> {
  const fault = await folderFault(folders(env).conversations);
  if (fault === undefined) return;
  const shown = (env.DRAMATIS_HOME ?? '').slice(0, 60);
  const what = env.DRAMATIS_HOME ? `DRAMATIS_HOME is ${shown}` : 'the home folder is of no use';
  throw new DramatisError('STORE_UNWRITABLE', `${what}: ${fault}`, {
    remedy: 'Set DRAMATIS_HOME to a folder that can be written, or unset it.',
  });
}

/**
 * Says where everything is kept: under `DRAMATIS_HOME` if that is set, as on the scratch disk of a cluster; else in the
 * four XDG folders, of which a relative one is ignored as the specification asks.
 *
 * @throws {DramatisError} STORE_UNWRITABLE if none of these says where.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function folders(env: Environment = process.env, systemHome = homedir): Folders {
  const home = env.DRAMATIS_HOME ? resolve(env.DRAMATIS_HOME) : undefined;
  const xdg = (variable: string, fallback: string): string => {
    const given = env[variable];
    if (given && isAbsolute(given)) return join(given, 'dramatis');
    const own = homeOf(env, systemHome);
    if (own === undefined)
      throw new DramatisError('STORE_UNWRITABLE', 'HOME is not set, and this user has no folder', {
        remedy: 'Set DRAMATIS_HOME to a folder that can be written.',
      });
    return join(own, fallback, 'dramatis');
  };
  const data = home ?? xdg('XDG_DATA_HOME', '.local/share');
  return {
    plays: join(data, 'plays'),
    models: join(data, 'models'),
    indices: join(data, 'indices'),
    digests: join(data, 'digests'),
    cards: join(data, 'cards'),
    adapters: join(data, 'adapters'),
    runs: join(data, 'runs'),
    conversations: join(data, 'conversations'),
    cache: home ? join(home, 'cache') : xdg('XDG_CACHE_HOME', '.cache'),
    config: home ? join(home, 'config') : xdg('XDG_CONFIG_HOME', '.config'),
    state: home ? join(home, 'state') : xdg('XDG_STATE_HOME', '.local/state'),
  };
}
