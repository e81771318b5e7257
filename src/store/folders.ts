import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

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
 * Says where everything is kept: under `DRAMATIS_HOME` if that is set, as on the scratch disk of a cluster; else in the
 * four XDG folders, of which a relative one is ignored as the specification asks.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function folders(env: Environment = process.env): Folders {
  const home = env.DRAMATIS_HOME ? resolve(env.DRAMATIS_HOME) : undefined;
  const xdg = (variable: string, fallback: string): string => {
    const given = env[variable];
    const root = given && isAbsolute(given) ? given : join(env.HOME || homedir(), fallback);
    return join(root, 'dramatis');
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
