import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { findScene, type PastScene, readScene } from '../stage/past-scenes.ts';
import type { StageState } from '../stage/state.ts';
import { type Transcript, transcriptEnding } from '../stage/transcript.ts';
import { errnoOf } from '../store/disk.ts';
import { withLock } from '../store/lock.ts';

/** What is told of a scene in a list. */
export interface SceneSummary {
  readonly id: string;
  readonly play: { readonly id: string; readonly title: string };
  readonly at?: string;
  readonly heading?: string;
  /** Cast names. */
  readonly cast: readonly string[];
  /** How the transcript leaves it, which does not know whether somebody plays it at this moment. */
  readonly state: 'open' | 'waiting' | 'paused' | 'ended';
  /** Why it ended. */
  readonly reason?: string;
  readonly turns: number;
  readonly words: number;
  readonly struck: number;
  readonly alarms: number;
  /** Times of the first and the last event; ISO 8601. */
  readonly begun: string;
  readonly last: string;
  /** Number of the last event. */
  readonly n: number;
}

interface Known {
  readonly stamp: string;
  /** Undefined for a file that cannot be read. */
  readonly summary: SceneSummary | undefined;
  /** All that is said in it, in lower case. */
  readonly text: string;
}

/** What a list is narrowed to. */
export interface SceneFilter {
  readonly play?: string | undefined;
  /** Words that somebody says, or a name. */
  readonly q?: string | undefined;
}

/** The scenes of a folder; each file is read again only when it has changed. */
export class KeptScenes {
  readonly #folder: string;
  readonly #known = new Map<string, Known>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Summaries of all that can be read, what was gone on with last first. */
  async list({ play, q }: SceneFilter = {}): Promise<readonly SceneSummary[]> {
    await this.#refresh();
    const wanted = q?.trim().toLowerCase() ?? '';
    return [...this.#known.values()]
      .filter(({ summary }) => summary && (play === undefined || summary.play.id === play))
      .filter(({ text }) => wanted.split(/\s+/).every((word) => text.includes(word)))
      .flatMap(({ summary }) => summary ?? [])
      .sort((a, b) => (a.last < b.last ? 1 : -1));
  }

  /**
   * The scene of this id, or of an id that begins so.
   *
   * @throws {DramatisError} SCENE_UNKNOWN if none or several are meant.
   */
  find(id: string): Promise<Transcript> {
    if (/^[0-9a-f]{1,6}$/.test(id)) return findScene(this.#folder, id);
    throw new DramatisError('SCENE_UNKNOWN', `no scene here is called "${id}"`);
  }

  /** @throws {DramatisError} As `find`, and what reading the transcript throws. */
  async read(id: string): Promise<PastScene> {
    return readScene((await this.find(id)).path);
  }

  /**
   * Moves a scene to a folder "trash" beside the others, from which it can be taken back by hand.
   *
   * @throws {DramatisError} As `find`; LOCKED while another process plays it.
   */
  async discard(id: string): Promise<void> {
    const transcript = await this.find(id);
    const { path } = transcript;
    await transcript.own();
    try {
      await this.#moveToTrash(path);
    } finally {
      await transcript.release();
    }
  }

  async #moveToTrash(path: string): Promise<void> {
    const trash = join(this.#folder, 'trash');
    await mkdir(trash, { recursive: true, mode: 0o700 });
    await withLock(path, () => rename(path, join(trash, basename(path))));
    this.#known.delete(path);
  }

  async #refresh(): Promise<void> {
    const names = await readdir(this.#folder).catch((error: unknown): string[] => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    });
    const paths = names
      .filter((name) => name.endsWith(transcriptEnding))
      .map((name) => join(this.#folder, name));
    for (const path of this.#known.keys()) if (!paths.includes(path)) this.#known.delete(path);
    for (const path of paths) await this.#look(path);
  }

  async #look(path: string): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    if (!found) return;
    const stamp = `${found.size} ${found.mtimeMs} ${found.ino}`;
    if (this.#known.get(path)?.stamp === stamp) return;
    try {
      const scene = await readScene(path);
      const summary = summaryOf(scene);
      this.#known.set(path, { stamp, summary, text: textOf(scene.state, summary) });
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      this.#known.set(path, { stamp, summary: undefined, text: '' }); // one file must not hide the others
    }
  }
}

/** What is told of a scene in a list; undefined if its opening is damaged. */
export function summaryOf({ id, state, begun, last }: PastScene): SceneSummary | undefined {
  const { open, cast, end, figures } = state;
  if (!open) return undefined;
  return {
    ...{ id, play: { id: open.play.id, title: open.play.title }, cast },
    ...(open.at !== undefined && { at: open.at }),
    ...(open.heading !== undefined && { heading: open.heading }),
    state: standingOf(state),
    ...(end && { reason: end.reason }),
    ...{ turns: figures.turns, words: figures.words },
    ...{ struck: figures.struck, alarms: figures.alarms },
    ...{ begun, last, n: state.n },
  };
}

function standingOf({ end, asked, isPaused }: StageState): SceneSummary['state'] {
  if (end) return 'ended';
  if (asked !== undefined) return 'waiting';
  return isPaused ? 'paused' : 'open';
}

function textOf({ turns, cast, open }: StageState, summary: SceneSummary | undefined): string {
  const said = turns.map(({ text }) => text);
  return [summary?.id, open?.play.title, open?.heading, open?.situation, ...cast, ...said]
    .join('\n')
    .toLowerCase();
}
