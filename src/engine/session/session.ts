import type { Model } from '../model.ts';
import type { NativeSession } from '../native.ts';
import { settleNow } from '../settle.ts';
import type { ActiveAdapter, ActiveControl } from './active-adapters.ts';
import type { Cache } from './cache.ts';
import type { CachePolicy } from './cache-policy.ts';
import { type DrawOptions, drawTogether } from './draw-together.ts';
import { Drawing } from './drawing.ts';
import { Evaluator } from './evaluator.ts';
import type { Generated, ReplyText, Stop } from './reply-text.ts';
import { restoreState, saveState } from './saved-state.ts';
import type { ScoreRequest } from './score-plan.ts';
import { type Scored, scoreAll } from './scoring.ts';

export interface GenerateOptions extends DrawOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Where adapters act from. */
export interface SetAdaptersOptions {
  /** Token position; what is before it keeps the adapters it was read with. 0 unless given. */
  readonly from?: number | undefined;
}

/** Origin of a new session; an empty one unless given. */
export interface SessionOrigin {
  /** The session that it is a fork of. */
  readonly of?: Session;
  /** Called when it is disposed of. */
  readonly dispose?: () => void;
}

/**
 * One mutable timeline on a model: tokens in a KV cache, which other sessions may share.
 *
 * A token in the cache is known by its id *and* by the content hash and scale of the adapters that acted when it was
 * evaluated: it is never reused under others. One call at a time (BUSY); each call is a row of bounded steps.
 */
export class Session implements Disposable {
  readonly model: Model;
  /** The KV cache that this session shares with its forks and others. */
  readonly cache: Cache;
  readonly #evaluator: Evaluator;
  readonly #drawing: Drawing;
  readonly #dispose: (() => void) | undefined;

  /** @internal */
  constructor(cache: Cache, native: NativeSession, { of, dispose }: SessionOrigin = {}) {
    this.cache = cache;
    this.model = cache.model;
    this.#evaluator = new Evaluator(native, cache, of ? of.#evaluator : undefined);
    this.#drawing = new Drawing(this.model, this.#evaluator);
    this.#dispose = dispose;
  }

  /**
   * Whether it lets sessions of its cache that are not patient go before it: see `SharedSteps`. A fork is as patient as what
   * it is a fork of; others are not unless told.
   */
  get isPatient(): boolean {
    return this.#evaluator.standing.isPatient;
  }

  set isPatient(isPatient: boolean) {
    this.#evaluator.standing.isPatient = isPatient;
  }

  /** Tokens the timeline can hold. */
  get window(): number {
    return this.#evaluator.window;
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#evaluator.timeline.length;
  }

  /** Bytes of the cache that this session's tokens take, and bytes of those that no session it is a fork of holds. */
  get memory(): { readonly bytes: number; readonly own: number } {
    const { bytesPerToken } = this.cache;
    const { length, ownLength } = this.#evaluator.timeline;
    return { bytes: length * bytesPerToken, own: ownLength * bytesPerToken };
  }

  /** Names the adapters that act, with their scales, and from which positions on. */
  get adapterKey(): string {
    return this.#evaluator.adapters.key();
  }

  /**
   * Sets the adapters that act from a position on; their effects add up, none means the model alone. They may change
   * between any two tokens, also within a reply. What the cache holds from there on under others is evaluated again when
   * it is next asked for.
   *
   * @throws {RangeError} For more than four, or a scale that is not finite.
   * @throws {DramatisError} ADAPTER_MISMATCH for scope "turn" without `from`, or for scope "context" behind tokens that were
   *   read without an adapter.
   */
  setAdapters(adapters: readonly ActiveAdapter[], { from = 0 }: SetAdaptersOptions = {}): void {
    this.#evaluator.change((active) => active.set(adapters, from));
  }

  /** The control vector that acts beside the adapters, or null. */
  get control(): ActiveControl | null {
    return this.#evaluator.adapters.control ?? null;
  }

  /**
   * Replaces the control vector, between any two tokens. What the cache holds from its position on is evaluated again when
   * it is next asked for.
   *
   * @throws {RangeError} For a scale that is not finite.
   */
  set control(control: ActiveControl | null) {
    this.#evaluator.change((active) => active.setControl(control ?? undefined));
  }

  /**
   * Makes the timeline equal to `prompt`, ready to draw what comes after it, reusing what the cache holds of it.
   *
   * @returns How many tokens were reused and how many evaluated.
   * @throws {DramatisError} WINDOW_EXCEEDED before anything is evaluated.
   */
  prefill(
    prompt: Int32Array,
    signal?: AbortSignal,
  ): Promise<{ reused: number; evaluated: number }> {
    return this.#evaluator.prefill(prompt, signal);
  }

  /** Makes the timeline equal to `tokens`, reusing what the cache holds of it; returns how many it evaluated. */
  become(tokens: Int32Array, signal?: AbortSignal): Promise<number> {
    return this.#evaluator.become(tokens, signal);
  }

  /**
   * Reads what is missing of the beginning of a prompt that is still to grow, in whole steps alone: the rest waits for what
   * comes after it. Steps are cut where they would be cut later, so that it changes no bit when they are taken. What may
   * never be needed is not read while other sessions of the cache are at work.
   *
   * @returns How many tokens it evaluated; 0, and the timeline is as it was, where less than a step is missing.
   */
  async readAhead(beginning: Int32Array, signal?: AbortSignal): Promise<number> {
    const whole = beginning.length - (beginning.length % this.cache.stepTokens);
    if (this.cache.steps.isAtWork) return 0;
    if (this.#evaluator.common(beginning) >= whole) return 0;
    return this.become(beginning.subarray(0, whole), signal);
  }

  /**
   * Makes the timeline equal to a prompt's prefix under a cache policy. Under `exact` a prefix is reused only if it was
   * evaluated by this call, and none of it forgotten since.
   *
   * @returns How many tokens it evaluated.
   */
  async startFrom(prefix: Int32Array, policy: CachePolicy, signal?: AbortSignal): Promise<number> {
    if (policy === 'warm') return this.become(prefix, signal);
    const { timeline, keyAt } = this.#evaluator;
    if (timeline.isHeld(prefix, keyAt)) return this.become(prefix, signal);
    this.clear();
    const evaluated = await this.become(prefix, signal);
    timeline.hold();
    return evaluated;
  }

  /** Forgets everything: what is evaluated next does not depend on what was before. */
  clear(): void {
    this.#evaluator.timeline.forget(0);
  }

  /**
   * Draws the reply to `prompt`, token by token; computes nothing before it is asked for. Leaving the loop or aborting the
   * signal stops it within one step.
   *
   * @returns Why it ended.
   * @throws {DramatisError} WINDOW_EXCEEDED, GRAMMAR_INVALID, BUSY, DISPOSED; `signal.reason` when aborted.
   */
  async *generate(
    prompt: Int32Array,
    { signal, ...options }: GenerateOptions = {},
  ): AsyncGenerator<Generated, Stop, undefined> {
    let ended: Stop = 'length';
    for await (const { token, text, stop } of drawTogether(
      [{ session: this, prompt, options }],
      signal,
    )) {
      ended = stop ?? ended;
      if (token !== undefined || text !== '') yield { token, text };
    }
    return ended;
  }

  /**
   * Reads a prompt and makes ready to draw what comes after it: for `drawTogether`.
   *
   * @internal
   */
  begin(prompt: Int32Array, options: DrawOptions, signal?: AbortSignal): Promise<ReplyText> {
    const { against } = options;
    const base = against && { ...against, base: against.base.#drawing };
    return this.#drawing.begin(prompt, options, base, signal);
  }

  /**
   * Draws the next token of this session and of `others`, in one step that everybody else takes part in who draws in the
   * cache: for `drawTogether`.
   *
   * @returns A token for each; `ended` or `windowFull` where there is none; `takenBack` + 1 − n where the last n are taken
   *   back.
   */
  drawBeside(others: readonly Session[], signal?: AbortSignal): Promise<Int32Array> {
    const drawings = [this, ...others].map((session) => session.#drawing);
    return Drawing.nextOfEach(drawings, this.cache.steps, signal);
  }

  /**
   * The logits that the next token is drawn from, one for each token of the vocabulary, before any bias. Between the tokens
   * of a reply it evaluates the last one, so that a bias may depend on what another session has here.
   *
   * @returns A copy; undefined if the window is full.
   * @throws {DramatisError} NATIVE_FAILED if nothing was evaluated since the timeline last changed.
   */
  logits(): Promise<Float32Array | undefined> {
    return this.#drawing.logits();
  }

  /** Replaces the bias of the reply being drawn, from its next token on. */
  bias(bias: ReadonlyMap<number, number>): void {
    this.#drawing.bias(bias);
  }

  /**
   * Replaces the bias of the reply being drawn by a number for each token of the vocabulary.
   *
   * @throws {RangeError} If there are not as many.
   */
  biasAll(values: Float32Array): void {
    this.#drawing.biasAll(values);
  }

  /** Sets λ of the grammars of the reply being drawn, from its next token on. */
  strength(strength: number): void {
    settleNow(() => this.#evaluator.native.setStrength(strength));
  }

  /** Milliseconds that each grammar of the reply being drawn has taken so far, in their order, '' left out. */
  grammarMs(): Float32Array {
    return settleNow(() => this.#evaluator.native.grammarMs());
  }

  /** Milliseconds that control vectors have taken so far, in all sessions of the model; 0 on a GPU. */
  controlMs(): number {
    return settleNow(() => this.#evaluator.native.controlMs());
  }

  /**
   * Log-probabilities in nats of each token of each continuation of `prefix`, evaluated together; the
   * cache keeps the prefix afterwards.
   *
   * @throws {DramatisError} WINDOW_EXCEEDED
   */
  async score(
    prefix: Int32Array,
    continuations: readonly Int32Array[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    const { scores } = await this.scoreAll([{ prefix, continuations }], signal);
    await this.become(prefix, signal);
    return scores[0]!;
  }

  /**
   * Scores the continuations of many prefixes at once: what they share is evaluated once, and short ones fill a step
   * together. How they are put together follows from the requests alone: from an emptied session the same requests give
   * the same bits.
   *
   * @throws {DramatisError} WINDOW_EXCEEDED before anything is evaluated.
   */
  scoreAll(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Scored> {
    return scoreAll(this.#evaluator, requests, this.cache.scoreRows, signal);
  }

  /**
   * Opens a session with the same tokens in the cache, whose memory both share, and the same adapters; each goes on by itself.
   *
   * @throws {DramatisError} MEMORY_SHORT if the cache was made for fewer sessions.
   */
  async fork(): Promise<Session> {
    await this.#evaluator.rewind(this.length);
    return this.cache.adopt(this.#evaluator.native.fork(), { of: this });
  }

  /** Writes the session's part of the cache to a file that only this model, window and the same adapters will take back. */
  save(path: string): Promise<void> {
    return saveState(this.#evaluator, this.model, path);
  }

  /** @returns Whether the file held this session's kind of state, whole; if not, nothing has changed. */
  restore(path: string): Promise<boolean> {
    return restoreState(this.#evaluator, this.model, path);
  }

  /** Idempotent. A step in flight finishes; the next call fails with DISPOSED. */
  [Symbol.dispose](): void {
    this.#evaluator.native.dispose();
    this.#dispose?.();
  }
}
