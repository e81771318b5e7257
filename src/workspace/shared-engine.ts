import type { Cache } from '../engine/session/cache.ts';
import { DramatisError } from '../errors.ts';
import { type OpenedModel, openModel } from './open-model.ts';
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
export const defaultSlots = 12;
/** Window of each speaker: who they are, a thousand words of a scene, and a turn. */
const defaultWindow = 3072;
/** Requests that wait for a slot, at most. */
export const defaultWaiting = 32;

/**
 * One model with one cache that all scenes and chats of a process share, so that whatever is drawn at the same time takes its
 * steps together: see `SharedSteps`. Nobody opens a session in it without slots.
 */
export class SharedEngine implements Disposable {
  readonly model: OpenedModel;
  readonly cache: Cache;
  readonly slots: Slots;

  private constructor(model: OpenedModel, cache: Cache, slots: Slots) {
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
      return new SharedEngine(model, cache, new Slots(slots, { mostWaiting }));
    } catch (error) {
      model[Symbol.dispose]();
      throw error;
    }
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
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
