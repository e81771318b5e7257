import { join } from 'node:path';
import { freshSeed } from '../engine/sampling.ts';
import { DramatisError } from '../errors.ts';
import type { Recorded } from '../stage/events.ts';
import { findScene } from '../stage/past-scenes.ts';
import type { Stage } from '../stage/stage.ts';
import { stateOf } from '../stage/state.ts';
import type { Transcript } from '../stage/transcript.ts';
import { DurableJson } from '../store/durable-json.ts';
import { Bell } from './bell.ts';
import type { CompanyRequest } from './open-company.ts';
import { OpenScene, type SceneDraft } from './open-scene.ts';
import type { OpenedStage, SceneRequest } from './open-stage.ts';
import { carryOutCommand, foretell, type SceneCommand } from './scene-commands.ts';
import type { ServedPlays } from './served-plays.ts';
import type { SharedEngine } from './shared-engine.ts';
import type { Workspace } from './workspace.ts';

export interface RunningOptions {
  /** Scenes that go on at one time, at most. */
  readonly mostRunning?: number | undefined;
  /** Called with what happens when turns are taken, for who counts. */
  readonly observe?: ((event: Recorded) => void) | undefined;
}

const defaultMostRunning = 8;

/** A new scene, as somebody at a distance may ask for it: by names and words alone. */
export type NewScene = Omit<SceneRequest, 'play' | 'script' | 'force'> &
  Pick<CompanyRequest, 'adapters' | 'steer'> & {
    /** Id of a play that is served. */
    readonly play: string;
    /** Whether they recall what they witnessed in the play. Default: true. */
    readonly memory?: boolean | undefined;
  };

/** Where a scene stands: its id, and the number of its last event. */
export interface SceneHead {
  readonly id: string;
  readonly n: number;
}

/**
 * The scenes that one process plays, any number of them beside one another on one engine: opens them, lets them go on, and
 * carries out what people want of them. What happens is in their transcripts; what is only being said is kept here until then.
 *
 * Which scenes go on is kept on the disk, too: after a kill or an orderly end `resumeAll` of the next process finds them.
 */
export class RunningScenes {
  readonly #workspace: Workspace;
  readonly #engine: () => Promise<SharedEngine>;
  readonly #plays: ServedPlays;
  readonly #scenes = new Map<string, OpenScene>();
  readonly #mostRunning: number;
  readonly #observe: RunningOptions['observe'];
  readonly #kept: DurableJson<readonly string[]>;
  #isClosing = false;
  /** Rings whenever anything happens in any scene. */
  readonly bell = new Bell();

  constructor(
    workspace: Workspace,
    {
      engine,
      plays,
    }: { readonly engine: () => Promise<SharedEngine>; readonly plays: ServedPlays },
    { mostRunning = defaultMostRunning, observe }: RunningOptions = {},
  ) {
    this.#observe = observe;
    this.#workspace = workspace;
    this.#engine = engine;
    this.#plays = plays;
    this.#mostRunning = mostRunning;
    this.#kept = new DurableJson(join(workspace.folders.state, 'running.json'), {
      format: 'dramatis-running',
      version: 1,
      check: (data) => (isNames(data) ? { data } : { fault: 'it is no list of names' }),
    });
  }

  /** Ids of the scenes that go on by themselves, those among them that wait for a person. */
  get goingOn(): readonly string[] {
    return [...this.#scenes.values()].filter(({ goesOn }) => goesOn).map(({ id }) => id);
  }

  /** Ids of the scenes of which turns are taken at this moment. */
  get playing(): readonly string[] {
    return [...this.#scenes.values()].filter(({ isPlaying }) => isPlaying).map(({ id }) => id);
  }

  /** Whether turns of a scene are taken at this moment. */
  isPlaying(id: string): boolean {
    return this.#scenes.get(id)?.isPlaying ?? false;
  }

  /** Number of the last event of a scene that this process owns; undefined for others, which other processes may play. */
  head(id: string): number | undefined {
    const stage = this.#scenes.get(id)?.opened?.stage;
    return stage?.transcript.isOwned ? stage.state.n : undefined;
  }

  /** What is being said in a scene at this moment. */
  draft(id: string): SceneDraft | undefined {
    return this.#scenes.get(id)?.draft;
  }

  /**
   * Opens a new scene, which stands still until it is started.
   *
   * @throws {DramatisError} What `openStage` and `Slots.take` throw.
   */
  async begin(request: NewScene, signal?: AbortSignal): Promise<SceneHead> {
    this.#requireOpen();
    const { openStage } = await import('./open-stage.ts');
    const play = await this.#plays.nameOf(request.play);
    const engine = await this.#engine();
    const recalls = request.memory ?? true;
    const memory = recalls && (await engine.memory(await this.#plays.open(request.play)));
    const speakers = request.names.length - (request.humans?.length ?? 0);
    const slots = await engine.slots.take(slotsFor(speakers, request.policy), signal);
    try {
      const { cache, model } = engine;
      const asked = { ...request, play, memory, cache, model: model.name, signal };
      const opened = await openStage(this.#workspace, asked);
      const { state } = opened.stage;
      const scene = this.#known(state.open!.id);
      scene.hold(opened, slots);
      this.#rest(scene);
      return { id: scene.id, n: state.n };
    } catch (error) {
      slots[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Opens a scene that begins as another does.
   *
   * @param changes.at Number of the last event that is taken over; the last one there is unless given.
   * @throws {DramatisError} SCENE_UNKNOWN; USAGE if there is no such event.
   */
  async fork(
    id: string,
    changes: { readonly at?: number | undefined; readonly seed?: number | undefined } = {},
  ): Promise<SceneHead> {
    this.#requireOpen();
    const transcript = await this.#find(id);
    const last = stateOf((await transcript.read()).records).n;
    const { at = last, seed = freshSeed() } = changes;
    const forked = await transcript.fork(this.#workspace.folders.conversations, at, { seed });
    const state = stateOf((await forked.read()).records);
    this.bell.ring();
    return { id: state.open!.id, n: state.n };
  }

  /**
   * Carries out what somebody wants of a scene when its turn has come: of one that goes on, between two turns. What stops a
   * turn (pause, end, undo, again) does so within one step of the engine; what was said of it until then stays said.
   *
   * @returns The number of the scene's last event then.
   * @throws {DramatisError} SCENE_UNKNOWN, NOT_ON_STAGE, CHARACTER_UNKNOWN, USAGE, and what opening a scene throws; BUSY for
   *   more scenes at once than may go on.
   */
  async command(id: string, command: SceneCommand): Promise<number> {
    this.#requireOpen();
    const scene = await this.#sceneOf(id);
    foretell(scene, command);
    if (command.do === 'start') this.#requireRoom(scene);
    return scene.inTurn(async () => {
      try {
        const { stage, play } = await this.#opened(scene);
        await carryOutCommand(scene, { stage, play }, command);
        return stage.state.n;
      } finally {
        await this.#keep();
        this.#rest(scene);
      }
    });
  }

  /** Goes on with the scenes that went on when the last process of this home ended; returns their ids. */
  async resumeAll(): Promise<readonly string[]> {
    const resumed: string[] = [];
    for (const id of (await this.#kept.read()) ?? []) {
      try {
        await this.command(id, { do: 'start' });
        resumed.push(id);
      } catch (error) {
        if (!(error instanceof DramatisError)) throw error;
        const text = `scene ${id} does not go on: ${error.message}`;
        this.#workspace.report({ kind: 'warning', text });
      }
    }
    return resumed;
  }

  /** Stops a scene and lets go of its file, as before that is moved. */
  async release(id: string): Promise<void> {
    const scene = this.#scenes.get(id);
    if (!scene) return;
    scene.goesOn = false;
    scene.stop();
    await scene.inTurn(() => scene.close());
    this.#scenes.delete(id);
    await this.#keep();
    this.bell.ring();
  }

  /**
   * Stops every scene within a step of the engine, keeping what was said, and frees them. Those that went on are remembered as
   * such: `resumeAll` goes on with them.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    const scenes = [...this.#scenes.values()];
    for (const scene of scenes) scene.stop();
    await Promise.allSettled(scenes.map((scene) => scene.inTurn(() => scene.close())));
    this.#scenes.clear();
  }

  #requireOpen(): void {
    if (this.#isClosing)
      throw new DramatisError('BUSY', 'this server is being stopped', {
        remedy: 'Ask again when it is started again.',
      });
  }

  /** @throws {DramatisError} BUSY */
  #requireRoom(scene: OpenScene): void {
    if (scene.goesOn || this.goingOn.length < this.#mostRunning) return;
    throw new DramatisError('BUSY', `${this.#mostRunning} scenes go on already`, {
      remedy: 'Pause one of them, or ask again in a while.',
    });
  }

  #find(id: string): Promise<Transcript> {
    return findScene(this.#workspace.folders.conversations, id);
  }

  async #sceneOf(id: string): Promise<OpenScene> {
    const known = this.#scenes.get(id);
    if (known) return known;
    const transcript = await this.#find(id);
    const { open } = stateOf((await transcript.read()).records);
    if (!open)
      throw new DramatisError('TRANSCRIPT_UNREADABLE', `the opening of scene ${id} is damaged`);
    return this.#known(open.id);
  }

  #known(id: string): OpenScene {
    const known = this.#scenes.get(id);
    if (known) return known;
    const scene = new OpenScene(id, {
      changed: () => this.bell.ring(),
      happened: this.#observe,
    });
    this.#scenes.set(id, scene);
    return scene;
  }

  /** The scene with everybody who speaks in it. */
  async #opened(scene: OpenScene): Promise<OpenedStage> {
    const known = await scene.takeUp();
    if (known) return known;
    const { resumeStage } = await import('./open-stage.ts');
    const { path, open } = await this.#openingOf(scene.id);
    const engine = await this.#engine();
    const speakers = open.cast.filter(({ playedBy }) => playedBy === 'model').length;
    const slots = await engine.slots.take(slotsFor(speakers, open.director.policy));
    try {
      const opened = await resumeStage(this.#workspace, path, {
        play: await this.#plays.nameOf(open.play.id),
        model: engine.model.name,
        cache: engine.cache,
        memory: open.memory ?? (await engine.memory(await this.#plays.open(open.play.id))),
      });
      scene.hold(opened, slots);
      return opened;
    } catch (error) {
      slots[Symbol.dispose]();
      throw error;
    }
  }

  async #openingOf(id: string) {
    const transcript = await this.#find(id);
    const { open } = stateOf((await transcript.read()).records);
    if (open) return { path: transcript.path, open };
    throw new DramatisError('TRANSCRIPT_UNREADABLE', `the opening of scene ${id} is damaged`);
  }

  /** Between two things that are done: the scene goes on if it is to, else its place is there for others. */
  #rest(scene: OpenScene): void {
    this.bell.ring();
    const { opened } = scene;
    if (!opened || this.#isClosing) return;
    if (scene.goesOn && !opened.stage.rests) this.#play(scene, opened.stage);
    if (!scene.isPlaying) scene.rest();
  }

  #play(scene: OpenScene, stage: Stage): void {
    const all = async (): Promise<void> => {
      try {
        await scene.play(stage);
      } finally {
        this.#rest(scene);
        await this.#keep();
      }
    };
    if (!scene.isPlaying) all().catch((error: unknown) => this.#failed(scene, error));
  }

  /** What went wrong is in the scene's transcript; the process goes on. */
  #failed(scene: OpenScene, error: unknown): void {
    scene.goesOn = false;
    const what = error instanceof Error ? error.message : String(error);
    this.#workspace.report({ kind: 'warning', text: `scene ${scene.id} stands still: ${what}` });
  }

  /** Writes down which scenes go on. */
  async #keep(): Promise<void> {
    if (this.#isClosing) return;
    await this.#kept.write(this.goingOn);
  }
}

const slotsFor = (speakers: number, policy: SceneRequest['policy']): number =>
  Math.max(1, speakers) + (policy === 'model' ? 1 : 0);

const isNames = (data: unknown): data is readonly string[] =>
  Array.isArray(data) && data.every((one) => typeof one === 'string');
