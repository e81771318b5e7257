import { DramatisError } from '../../errors.ts';
import type { NativeSession, NativeSpan } from '../native.ts';
import { settle } from '../settle.ts';
import { ActiveAdapters } from './active-adapters.ts';
import type { SharedSteps, Standing } from './shared-steps.ts';
import { Timeline } from './timeline.ts';

/**
 * Evaluates tokens on one native session, and keeps its timeline and its active adapters in step with it. What draws,
 * scores and saves stands on it; each of its steps is bounded.
 */
export class Evaluator {
  readonly native: NativeSession;
  /** Tokens the timeline can hold. */
  readonly window: number;
  readonly timeline: Timeline;
  readonly adapters: ActiveAdapters;
  /** Tokens one step evaluates. */
  readonly stepTokens: number;
  /** Takes the steps of all sessions of the cache. */
  readonly steps: Pick<SharedSteps<unknown>, 'read'>;
  readonly standing: Standing;
  /** Whether the native session knows which adapters are active. */
  #isApplied: boolean;
  /** Whether a step of it waits for its turn or runs. */
  #isTaken = false;

  /** @param of The evaluator that this one is a fork of: it begins with the same tokens and adapters. */
  constructor(
    native: NativeSession,
    { stepTokens, steps }: Pick<Evaluator, 'stepTokens' | 'steps'>,
    of?: Evaluator,
  ) {
    this.native = native;
    this.window = native.window();
    this.stepTokens = stepTokens;
    this.steps = steps;
    this.standing = { isPatient: of?.standing.isPatient ?? false };
    this.timeline = of ? of.timeline.fork() : new Timeline();
    this.adapters = new ActiveAdapters(of?.adapters);
    this.#isApplied = of ? of.#isApplied : true;
  }

  /** Changes what acts, by a call on `adapters` that says whether it did; drops what the cache no longer may hold. */
  change(change: (adapters: ActiveAdapters) => boolean): void {
    if (!change(this.adapters)) return;
    this.#isApplied = false;
    this.timeline.forgetOthers(this.keyAt);
  }

  /** Names what acts at a position. */
  readonly keyAt = (position: number): string => this.adapters.keyAt(position);

  /** Names what acts on the next `count` tokens. Asked before a step, since the adapters may be changed while it runs. */
  keysOf(count: number): string[] {
    const { length } = this.timeline;
    return Array.from({ length: count }, (_, i) => this.keyAt(length + i));
  }

  /** How many tokens at the start of `prompt` need not be evaluated. */
  common(prompt: Int32Array): number {
    return this.timeline.common(prompt, this.keyAt);
  }

  /** Shortens the timeline to `length` tokens, or fewer where the model cannot go back part of the way; returns how many. */
  async rewind(length: number): Promise<number> {
    const { timeline } = this;
    timeline.forget(length);
    timeline.draw(undefined);
    if (timeline.hasExcess) timeline.cut(await settle(this.native.rewind(timeline.length)));
    return timeline.length;
  }

  /** Makes the timeline equal to `tokens`, reusing what the cache holds of it; returns how many it evaluated. */
  async become(tokens: Int32Array, signal?: AbortSignal): Promise<number> {
    const reused = await this.rewind(this.common(tokens));
    await this.#feed(tokens.subarray(reused), false, signal);
    return tokens.length - reused;
  }

  /**
   * Makes the timeline equal to `prompt`, ready to draw what comes after it.
   *
   * @throws {DramatisError} WINDOW_EXCEEDED before anything is evaluated.
   */
  async prefill(
    prompt: Int32Array,
    signal?: AbortSignal,
  ): Promise<{ reused: number; evaluated: number }> {
    if (prompt.length === 0)
      throw new RangeError('the prompt is empty; at least 1 token is wanted');
    if (prompt.length > this.window) {
      throw new DramatisError(
        'WINDOW_EXCEEDED',
        `the prompt has ${prompt.length} tokens and the window ${this.window}`,
      );
    }
    // The last token is always evaluated: its logits are what the next one is drawn from.
    const reused = await this.rewind(Math.min(this.common(prompt), prompt.length - 1));
    await this.#feed(prompt.subarray(reused), true, signal);
    return { reused, evaluated: prompt.length - reused };
  }

  /** Makes the native session know which adapters are active, if that has changed. */
  async apply(): Promise<void> {
    while (!this.#isApplied) {
      this.#isApplied = true;
      const spans = this.#nativeSpans();
      // In parts, between which others take their turn.
      while (!(await this.evicting(() => this.native.applyAdapters(spans))));
    }
  }

  /** The spans that a step must apply before it evaluates, for a caller that does; undefined if nothing has changed. */
  takeChange(): NativeSpan[] | undefined {
    if (this.#isApplied) return undefined;
    this.#isApplied = true;
    return this.#nativeSpans();
  }

  /** Notes that the native session could not apply what `takeChange` gave. */
  leaveChange(): void {
    this.#isApplied = false;
  }

  /**
   * Keeps others off while a step waits for its turn or runs: as the native session does while it runs.
   *
   * @throws {DramatisError} BUSY
   */
  take(): Disposable {
    if (this.#isTaken) throw new DramatisError('BUSY', 'the session has a call in flight');
    this.#isTaken = true;
    return {
      [Symbol.dispose]: () => {
        this.#isTaken = false;
      },
    };
  }

  /** Runs a step that may evict an adapter from the bank; maps MEMORY_SHORT to a remedy. */
  async evicting<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await settle(step());
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      this.#isApplied = false;
      if (error.code !== 'MEMORY_SHORT') throw error;
      throw new DramatisError(error.code, error.message, {
        cause: error,
        remedy: 'Deactivate an adapter, or open the model with more `adapters.slots`.',
      });
    }
  }

  #nativeSpans(): NativeSpan[] {
    return this.adapters.spans.map(({ from, adapters }) => ({
      from,
      adapters: adapters.map(({ adapter }) => adapter.native),
      gains: adapters.map(({ scale }) => scale),
    }));
  }

  /** Evaluates tokens after those in the cache. At most the last one's logits are computed. */
  async #feed(
    tokens: Int32Array,
    wantsLogits: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (let at = 0; at < tokens.length; ) {
      signal?.throwIfAborted();
      const room = this.stepTokens - (this.timeline.length % this.stepTokens);
      const slice = tokens.subarray(at, at + room);
      at += slice.length;
      const isLast = at === tokens.length;
      const step = (): Promise<void> => this.#feedSlice(slice, wantsLogits && isLast);
      using _taken = this.take();
      await this.steps.read(step, this.standing, signal);
    }
  }

  async #feedSlice(slice: Int32Array, wantsLogits: boolean): Promise<void> {
    await this.apply();
    const keys = this.keysOf(slice.length);
    await settle(this.native.feed(slice, wantsLogits));
    this.timeline.push(slice, keys);
  }
}
