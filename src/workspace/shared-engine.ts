import type { Embedder } from '../engine/embedder.ts';
import type { Cache } from '../engine/session/cache.ts';
import { DramatisError } from '../errors.ts';
import { embeddingModel } from '../hub/catalogue.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { publicModelName } from './public-event.ts';
import { Slots } from './slots.ts';
import type { Workspace } from './workspace.ts';

/** How much may go on in one engine at a time. */
export interface SharedEngineOptions {
  /** Default: the model in use. */
  readonly model?: string | undefined;
  /** Speakers that are open at once. */
  readonly slots?: number | undefined;
  /** Window of each, in tokens. */
  readonly window?: number | undefined;
  /** Requests that may wait for a slot. */
  readonly mostWaiting?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Speakers that one engine holds, unless asked otherwise: three scenes of four. */
const defaultSlots = 12;
/** Window of each speaker: who they are, a thousand words of a scene, and a turn. */
const defaultWindow = 3072;
/** Requests that wait for a slot, at most. */
const defaultWaiting = 32;

/**
 * One model with one cache that all scenes and chats of a process share, so that whatever is drawn at the same time takes its
 * steps together: see `SharedSteps`. Nobody opens a session in it without slots.
 */
export class SharedEngine implements Disposable {
  readonly model: OpenedModel;
  readonly cache: Cache;
  readonly slots: Slots;

  readonly #workspace: Workspace;
  /** Memories by the hash of their play's text, once they were asked for. */
  readonly #memories = new Map<string, Promise<OpenedMemory>>();
  #embedding: Promise<Embedder> | undefined;
  readonly #held: Disposable[] = [];

  private constructor(workspace: Workspace, model: OpenedModel, cache: Cache, slots: Slots) {
    this.#workspace = workspace;
    this.model = model;
    this.cache = cache;
    this.slots = slots;
  }

  /** @throws {DramatisError} MEMORY_SHORT, WINDOW_EXCEEDED, and what opening a model throws. */
  static async open(
    workspace: Workspace,
    { model: name, slots = defaultSlots, window, ...options }: SharedEngineOptions = {},
  ): Promise<SharedEngine> {
    const model = await openModel(workspace, name, options.signal);
    try {
      const sizes = {
        window: window ?? Math.min(defaultWindow, model.model.info.trainedWindow),
        sessions: slots,
      };
      const cache = await model.model.cache(sizes).catch((error: unknown) => {
        throw withSlots(error, slots);
      });
      const { mostWaiting = defaultWaiting } = options;
      return new SharedEngine(workspace, model, cache, new Slots(slots, { mostWaiting }));
    } catch (error) {
      model[Symbol.dispose]();
      throw error;
    }
  }

  /** What others call its model. */
  get modelName(): string {
    return publicModelName(this.model.name);
  }

  /**
   * The memory of a play, opened once for all who recall it, and held until the engine is disposed of.
   *
   * @throws {DramatisError} What `openMemory` throws; it is then tried again the next time.
   */
  memory(play: OpenedPlay): Promise<OpenedMemory> {
    const known = this.#memories.get(play.sha256);
    if (known !== undefined) return known;
    const opening = openMemory(this.#workspace, play);
    this.#memories.set(play.sha256, opening);
    opening.catch(() => this.#memories.delete(play.sha256));
    return opening;
  }

  /** What makes vectors of texts, opened when it is first asked for. */
  embedder(): Promise<Embedder> {
    if (this.#embedding !== undefined) return this.#embedding;
    const opening = this.#openEmbedder();
    this.#embedding = opening;
    opening.catch(() => {
      this.#embedding = undefined;
    });
    return opening;
  }

  async #openEmbedder(): Promise<Embedder> {
    const opened = await openModel(this.#workspace, embeddingModel);
    this.#held.push(opened);
    const embedder = await opened.model.embedder();
    this.#held.push(embedder);
    return embedder;
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    for (const one of this.#held.splice(0).reverse()) one[Symbol.dispose]();
    for (const memory of this.#memories.values())
      memory.then(
        (one) => one[Symbol.dispose](),
        () => {}, // nothing was opened
      );
    this.#memories.clear();
    this.cache[Symbol.dispose]();
    this.model[Symbol.dispose]();
  }
}

function withSlots(error: unknown, slots: number): unknown {
  if (!(error instanceof DramatisError && error.code === 'MEMORY_SHORT')) return error;
  return new DramatisError(error.code, error.message, {
    cause: error,
    remedy: `Give fewer than ${slots} --slots, or a smaller --context.`,
  });
}
