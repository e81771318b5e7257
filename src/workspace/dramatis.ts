import type { Dialogue } from '../actor/dialogue.ts';
import { type ComputeOptions, checkThreads } from '../engine/compute.ts';
import type { Model } from '../engine/model.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import type { Registry } from '../registry/registry.ts';
import { type Folders, folders as foldersOf } from '../store/folders.ts';
import type { DraftEvent, DraftOptions } from './digests/draft-digests.ts';
import { type ActorRequest, openActor } from './open-actor.ts';
import {
  type AdapterRequest,
  type AdapterTarget,
  type OpenedAdapters,
  openAdapters,
} from './open-adapters.ts';
import type { CompanyRequest } from './open-company.ts';
import { type DialogueRequest, openDialogue } from './open-dialogue.ts';
import { type OpenedDigests, openDigests } from './open-digests.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { openRegistry } from './open-registry.ts';
import { type OpenedSource, openSource, type SourceRequest } from './open-source.ts';
import type { OpenedStage, SceneRequest } from './open-stage.ts';
import { type LoadedSubject, openLoadedSubject, type SubjectRequest } from './open-subject.ts';
import type { OpenedActor } from './opened-actor.ts';
import { Pool } from './pool.ts';
import type { ReinforceEvent } from './reinforce-choice.ts';
import type { BenchmarkEvent } from './run-benchmark.ts';
import type { BenchmarkOptions } from './runs/benchmark-run.ts';
import type { ReinforceOptions } from './runs/prepare-choice.ts';
import type { TrainOptions } from './runs/prepare-training.ts';
import type { TrainEvent } from './train-adapter.ts';
import { hubOptions, type Workspace, type WorkspaceEvent } from './workspace.ts';

/** Where a workspace keeps things and what it computes on; everything has a default. */
export interface DramatisOptions {
  /** Folders that differ from the user's own. */
  readonly folders?: Partial<Folders> | undefined;
  /** Whether something may be fetched, and whose licence is accepted. */
  readonly hub?: Workspace['hub'] | undefined;
  readonly compute?: ComputeOptions | undefined;
  /** Called with what opening things takes time for: fetching, reading a play into memory. */
  readonly report?: ((event: WorkspaceEvent) => void) | undefined;
}

export interface OpeningOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens plays, models, memories, adapters and actors by their names.
 *
 * Whoever opens something disposes of it. What clients of one Dramatis open together, such as a chat and a training run
 * on one model, is held once and freed with the last of them.
 */
export class Dramatis implements Workspace, Disposable {
  readonly folders: Folders;
  readonly hub: Workspace['hub'];
  readonly compute: ComputeOptions;
  readonly report: (event: WorkspaceEvent) => void;
  readonly models = new Pool<Model>();

  private constructor({
    folders,
    hub = {},
    compute = {},

    report = () => {},
  }: DramatisOptions) {
    this.folders = { ...foldersOf(hub.env), ...folders };
    this.hub = hub;
    this.compute = compute;
    this.report = report;
  }

  /** @throws {DramatisError} USAGE for more threads than there are processors. */
  static async open(options: DramatisOptions = {}): Promise<Dramatis> {
    checkThreads(options.compute?.threads ?? 'auto');
    return new Dramatis(options);
  }

  /**
   * A play, parsed: by its id in the catalogue, or the path of a file.
   *
   * @throws {DramatisError} PLAY_UNKNOWN, FILE_MISSING, PLAY_UNREADABLE, and what fetching throws.
   */
  play(idOrPath: string, { signal }: OpeningOptions = {}): Promise<OpenedPlay> {
    return openPlay(idOrPath, hubOptions(this, signal));
  }

  /**
   * A model: by its id in the catalogue, the path of a .gguf file, or a Hugging Face URI. Unless one is named: what
   * DRAMATIS_MODEL names, else what the settings do, else the best of those here.
   *
   * @throws {DramatisError} MODEL_UNKNOWN, FILE_MISSING, GGUF_INVALID, MODEL_UNREADABLE, and what fetching throws.
   */
  model(name?: string | undefined, { signal }: OpeningOptions = {}): Promise<OpenedModel> {
    return openModel(this, name, signal);
  }

  /** What was said in a play, to be recalled as its characters witnessed it. Made in seconds when it is first opened. */
  async memory(play: string | OpenedPlay, { signal }: OpeningOptions = {}): Promise<OpenedMemory> {
    const opened = typeof play === 'string' ? await this.play(play, { signal }) : play;
    return openMemory(this, opened, signal);
  }

  /**
   * What happens in a play and who knows it, from the user's own file or ours; undefined if there is none.
   *
   * @throws {DramatisError} DIGESTS_INVALID, FILE_MISSING, and what opening the play throws.
   */
  async digests(
    play: string | OpenedPlay,
    { signal }: OpeningOptions = {},
  ): Promise<OpenedDigests | undefined> {
    return openDigests(this, typeof play === 'string' ? await this.play(play, { signal }) : play);
  }

  /** A play with its train, dev and test scenes, and the character that training or a benchmark is about. */
  source(request: SourceRequest, { signal }: OpeningOptions = {}): Promise<OpenedSource> {
    return openSource(this, request, signal);
  }

  /** Adapters by file, by id, or those promoted: see `openAdapters`. */
  adapters(request: AdapterRequest, target: AdapterTarget): Promise<OpenedAdapters> {
    return openAdapters(this.registry(), request, target);
  }

  /**
   * A character to talk with.
   *
   * @throws {DramatisError} CHARACTER_UNKNOWN, CHARACTER_AMBIGUOUS, PLACE_UNKNOWN, and what opening its parts throws.
   */
  actor(character: string, options: ActorRequest = {}): Promise<OpenedActor> {
    return openActor(this, character, options);
  }

  /**
   * A dialogue with an actor, whose turns are kept in the folder of conversations.
   *
   * @throws {DramatisError} STORE_DAMAGED, and what writing the journal throws.
   */
  dialogue(actor: OpenedActor, request: DialogueRequest = {}): Promise<Dialogue> {
    return openDialogue(this, actor, request);
  }

  /**
   * A new scene, in which characters talk among themselves; it is kept in the folder of conversations: see `openStage`.
   *
   * @throws {DramatisError} CHARACTER_UNKNOWN, CHARACTER_ABSENT, PLACE_UNKNOWN, and what opening its parts throws.
   */
  async stage(request: SceneRequest & CompanyRequest): Promise<OpenedStage> {
    const { openStage } = await import('./open-stage.ts');
    return openStage(this, request);
  }

  /**
   * A scene that is kept, to go on with it.
   *
   * @param scene Its id, the start of that, the path of its transcript, or "latest".
   * @throws {DramatisError} SCENE_UNKNOWN, TRANSCRIPT_UNREADABLE, and what opening its parts throws.
   */
  async resumeStage(
    scene: string,
    request: CompanyRequest & Pick<SceneRequest, 'play' | 'policy'> = {},
  ): Promise<OpenedStage> {
    const { resumeStage } = await import('./open-stage.ts');
    const { findScene } = await import('../stage/past-scenes.ts');
    return resumeStage(this, (await findScene(this.folders.conversations, scene)).path, request);
  }

  /** A model, here or behind an endpoint, to be asked the items of a benchmark. */
  subject(request: SubjectRequest): Promise<LoadedSubject> {
    return openLoadedSubject(this, request);
  }

  /** The adapter versions that are kept here. */
  registry(): Registry {
    return openRegistry(this);
  }

  /** Learns tasks of the benchmark on whole plays; ends with an adapter version: see `reinforceChoice`. */
  async *reinforce(options: ReinforceOptions): AsyncGenerator<ReinforceEvent, void> {
    const { reinforceChoice } = await import('./reinforce-choice.ts');
    yield* reinforceChoice(this, options);
  }

  /** Teaches a model how a character speaks; ends with an adapter version: see `trainAdapter`. */
  async *train(options: TrainOptions): AsyncGenerator<TrainEvent, void> {
    const { trainAdapter } = await import('./train-adapter.ts');
    yield* trainAdapter(this, options);
  }

  /** Drafts the digests of a play with a model, into a file to be corrected by hand: see `draftDigests`. */
  async *draftDigests(options: DraftOptions): AsyncGenerator<DraftEvent, void> {
    const { draftDigests } = await import('./digests/draft-digests.ts');
    yield* draftDigests(this, options);
  }

  /** Measures how well a model speaks in character: see `runBenchmark`. */
  async *benchmark(options: BenchmarkOptions): AsyncGenerator<BenchmarkEvent, void> {
    const { runBenchmark } = await import('./run-benchmark.ts');
    yield* runBenchmark(this, options);
  }

  /** Frees all models that are still open; sessions on them go on working. */
  [Symbol.dispose](): void {
    this.models[Symbol.dispose]();
  }
}
