import { DramatisError } from '../../errors.ts';
import type { Model } from '../model.ts';
import type { CacheUsage, NativeCache, NativeModel, NativeSession } from '../native.ts';
import { settle } from '../settle.ts';
import { Drawing } from './drawing.ts';
import { Session, type SessionOrigin } from './session.ts';
import { SharedSteps } from './shared-steps.ts';

export type { CacheUsage } from '../native.ts';

/** The window a session gets unless it asks: enough for a scene, 45 MB of cache with the default model. */
export const defaultWindow = 2048;

/** Sessions that one cache can hold. */
const mostSessions = 128;

/** Enough for a chat, which seldom scores: 13 MB with the default model. */
const fewScoreRows = 64;

export interface SessionOptions {
  /** Tokens the timeline can hold. 2048 unless given, or fewer where the model was trained on fewer. */
  readonly window?: number | undefined;
  /** Tokens one step evaluates: what an abort waits for. `model.stepTokens` unless given. */
  readonly stepTokens?: number | undefined;
  /** Tokens one step of scoring scores after, at least 4: each takes a row of logits in memory. More is faster. */
  readonly scoreRows?: number | undefined;
}

export interface CacheOptions extends SessionOptions {
  /** Sessions that may be open at once, forks among them. 1 unless given. */
  readonly sessions?: number | undefined;
  /** Tokens of all sessions together: what forks share counts once. `sessions` × `window` unless given. */
  readonly tokens?: number | undefined;
}

/**
 * A KV cache of one model that several sessions share: each is a timeline of its own, under its own adapters, and
 * `drawTogether` takes a token of each in one step.
 */
export class Cache implements Disposable {
  readonly model: Model;
  /** Tokens that the timeline of each session can hold. */
  readonly window: number;
  /** Sessions that may be open at once. */
  readonly sessions: number;
  /** Tokens one step evaluates: what an abort waits for. */
  readonly stepTokens: number;
  /** Tokens one step of scoring scores after. */
  readonly scoreRows: number;
  readonly bytesPerToken: number;
  /**
   * Takes the steps of all its sessions together.
   *
   * @internal
   */
  readonly steps = new SharedSteps<Drawing>(Drawing.step);
  readonly #native: NativeCache;

  private constructor(
    model: Model,
    native: NativeCache,
    { window, sessions, stepTokens, scoreRows }: Sizes,
  ) {
    this.model = model;
    this.#native = native;
    this.window = window;
    this.sessions = sessions;
    this.stepTokens = stepTokens;
    this.scoreRows = scoreRows;
    this.bytesPerToken = native.bytesPerToken();
  }

  /**
   * Opens a cache: see `Model.cache`.
   *
   * @internal
   */
  static async open(model: Model, native: NativeModel, options: CacheOptions): Promise<Cache> {
    const sizes = sizesOf(model, options);
    const { sessions, stepTokens, scoreRows, tokens } = sizes;
    const opening = native.openCache(stepTokens, Math.max(scoreRows, sessions), sessions, tokens);
    return new Cache(model, await settle(opening), sizes);
  }

  /**
   * Opens an empty session.
   *
   * @throws {DramatisError} MEMORY_SHORT if as many are open as the cache was made for.
   */
  async session(): Promise<Session> {
    return this.adopt(this.#native.session(this.window));
  }

  /** Opens an empty session that disposes of the cache with itself; throws as `session` does. */
  async owningSession(): Promise<Session> {
    const dispose = (): void => this[Symbol.dispose]();
    return this.adopt(this.#native.session(this.window), { dispose });
  }

  /**
   * Makes a session of a native one that is being opened; says what helps where the cache is full.
   *
   * @internal
   */
  async adopt(opening: Promise<NativeSession>, origin: SessionOrigin = {}): Promise<Session> {
    try {
      return new Session(this, await settle(opening), origin);
    } catch (error) {
      if (!(error instanceof DramatisError && error.code === 'MEMORY_SHORT')) throw error;
      throw new DramatisError(error.code, error.message, {
        cause: error,
        remedy: 'Dispose of a session, or open the cache with more `sessions`.',
      });
    }
  }

  /** Occupancy and counters. */
  async usage(): Promise<CacheUsage> {
    return settle(this.#native.usage());
  }

  /** Idempotent. Its open sessions go on working; memory is freed with the last of them. */
  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}

interface Sizes {
  readonly window: number;
  readonly sessions: number;
  readonly stepTokens: number;
  readonly scoreRows: number;
  readonly tokens: number;
}

function sizesOf(model: Model, options: CacheOptions): Sizes {
  const trained = model.info.trainedWindow;
  const window = options.window ?? Math.min(defaultWindow, trained);
  if (!Number.isInteger(window) || window < 1 || window > trained) {
    throw new DramatisError(
      'WINDOW_EXCEEDED',
      `a window of ${window} tokens was asked for; the model was trained on ${trained}`,
      { remedy: `Give a --context from 1 to ${trained}.` },
    );
  }
  const { sessions = 1, stepTokens = model.stepTokens, scoreRows = fewScoreRows } = options;
  if (!Number.isInteger(sessions) || sessions < 1 || sessions > mostSessions) {
    throw new RangeError(
      `${sessions} sessions; a whole number from 1 to ${mostSessions} is wanted`,
    );
  }
  return { window, sessions, stepTokens, scoreRows, tokens: options.tokens ?? window * sessions };
}
