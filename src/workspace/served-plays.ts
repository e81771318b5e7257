import { DramatisError } from '../errors.ts';
import { findEntry, plays, suggest } from '../hub/catalogue.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import { isInScene } from '../stage/moment.ts';
import { playedScenes } from '../stage/played-scene.ts';
import { listPlays } from './list-plays.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** A play that may be asked for. */
export interface ServedPlay {
  readonly id: string;
  readonly title: string;
  /** Whether its text is here; else it is fetched when it is first asked for. */
  readonly here: boolean;
}

/** A scene of a play, as one chooses it. */
export interface PlaceInPlay {
  /** Act and scene, such as "3.1". */
  readonly at: string;
  readonly heading: string;
  /** Cast names of all who are there at some time, in the order of the cast. */
  readonly cast: readonly string[];
}

/**
 * The plays of the catalogue and files of the user's own, by id alone: nobody who asks can name a file. Each is parsed once.
 */
export class ServedPlays {
  readonly #workspace: Workspace;
  readonly #files: readonly string[];
  readonly #opened = new Map<string, Promise<OpenedPlay>>();
  /**
   * Plays by the character who was asked for by name alone: a name means the same as long as these are served, whatever is
   * fetched meanwhile, and nobody looks for every play's file again at every request.
   */
  readonly meant = new Map<string, string>();
  #own: Promise<ReadonlyMap<string, OpenedPlay>> | undefined;

  /** @param files Paths of plays that are in no catalogue. */
  constructor(workspace: Workspace, files: readonly string[] = []) {
    this.#workspace = workspace;
    this.#files = files;
  }

  /** Every play, those of the user's own first. */
  async list(): Promise<readonly ServedPlay[]> {
    const own = [...(await this.#ownPlays()).values()];
    const listed = await listPlays(this.#workspace);
    return [
      ...own.map(({ id, play }) => ({ id, title: play.title, here: true })),
      ...listed.map(({ entry, path }) => ({
        ...{ id: entry.id, title: entry.title, here: path !== undefined },
      })),
    ];
  }

  /** @throws {DramatisError} PLAY_UNKNOWN with ids that are like it, and what opening a play throws. */
  async open(id: string): Promise<OpenedPlay> {
    const own = (await this.#ownPlays()).get(id);
    if (own) return own;
    const entry = findEntry(plays(), id);
    if (!entry)
      throw new DramatisError(
        'PLAY_UNKNOWN',
        `no play is called "${id}"; ${suggest(plays(), id)}`,
        { remedy: 'Ask for /api/plays to see the plays here.' },
      );
    let opening = this.#opened.get(entry.id);
    if (!opening) {
      opening = openPlay(entry.id, hubOptions(this.#workspace));
      this.#opened.set(entry.id, opening);
      opening.catch(() => this.#opened.delete(entry.id));
    }
    return opening;
  }

  /** What `openStage` is given to mean the play: its id, or the path of its file. */
  async nameOf(id: string): Promise<string> {
    const own = (await this.#ownPlays()).get(id);
    return own ? own.path : (await this.open(id)).id;
  }

  /** Scenes of a play in their order. */
  async places(id: string): Promise<readonly PlaceInPlay[]> {
    const { play } = await this.open(id);
    return playedScenes(play).map((scene) => ({
      at: scene.scene,
      heading: scene.heading,
      cast: play.cast.map(({ name }) => name).filter((name) => isInScene(scene, name)),
    }));
  }

  #ownPlays(): Promise<ReadonlyMap<string, OpenedPlay>> {
    this.#own ??= Promise.all(
      this.#files.map((file) => openPlay(file, hubOptions(this.#workspace))),
    ).then((opened) => new Map(opened.map((one) => [one.id, one])));
    return this.#own;
  }
}
