import { DramatisError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import type { Grammar } from './grammar.ts';
import type { Model } from './model.ts';
import { ended, maxBranches, type NativeSession, takenBack, windowFull } from './native.ts';
import { defaultSampling, type Sampling, toNative } from './sampling.ts';
import { planSteps, type ScoreRequest } from './score-plan.ts';
import { settle, settleNow } from './settle.ts';
import { readState, writeState } from './state-file.ts';
import { StopScanner, Utf8Stream } from './text.ts';

export interface GenerateOptions {
  readonly sampling?: Partial<Sampling>;
  readonly maxTokens?: number;
  /** Texts that end the reply and are not part of it. */
  readonly stop?: readonly string[];
  /** Token → what is added to its logit; −Infinity bans it. `Session.bias` changes it between tokens. */
  readonly bias?: ReadonlyMap<number, number>;
  /** Tokens already said, for the repetition penalties. Default: none. */
  readonly history?: Int32Array;
  readonly signal?: AbortSignal;
}

/** One token of a reply. `text` may be empty (held back) or longer than the token (released). */
export interface Generated {
  /** Undefined where the end of the reply releases text that was held back. */
  readonly token: number | undefined;
  readonly text: string;
}

/** Why a reply ended: the model's own end, `maxTokens`, a stop text, or no room left in the window. */
export type Stop = 'end' | 'length' | 'stop' | 'window';

const defaultMaxTokens = 256;

/**
 * One mutable timeline on a model: a KV cache and the tokens in it.
 *
 * The cache is keyed by its tokens *and* by the content hash and scale of the adapter that made it:
 * another adapter never reuses it. One call at a time (BUSY); each call is a row of bounded steps.
 */
export class Session implements Disposable {
  readonly model: Model;
  /** Tokens the timeline can hold. */
  readonly window: number;
  readonly #native: NativeSession;
  /** What is in the cache, in order. */
  #tokens: number[] = [];
  #adapter = 'none';
  /** Tokens at the start that `hold` marked; -1 once one of them was forgotten. */
  #held = -1;
  readonly #slice: number;
  readonly #scoreRows: number;

  constructor(model: Model, native: NativeSession, slice: number, scoreRows: number) {
    this.model = model;
    this.#native = native;
    this.window = native.window();
    this.#slice = slice;
    this.#scoreRows = scoreRows;
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#tokens.length;
  }

  /** Names the adapter and scale the cache was made with. */
  get adapterKey(): string {
    return this.#adapter;
  }

  /** Puts an adapter on, or takes it off with null. The cache is emptied if that changes anything. */
  setAdapter(adapter: Adapter | null, scale = 1): void {
    this.setAdapters(adapter ? [{ adapter, scale }] : []);
  }

  /** Puts adapters on, whose effects add up. The cache is emptied if that changes anything. */
  setAdapters(adapters: readonly { readonly adapter: Adapter; readonly scale: number }[]): void {
    const worn = adapters.filter(({ scale }) => scale !== 0);
    const key = worn.map(({ adapter, scale }) => `${adapter.hash}×${scale}`).join('+') || 'none';
    if (key === this.#adapter) return;
    this.#rewind(0);
    settleNow(() =>
      this.#native.setAdapters(
        worn.map(({ adapter }) => adapter.native),
        worn.map(({ scale }) => scale),
      ),
    );
    this.#adapter = key;
  }

  /**
   * Makes the timeline equal to `prompt`, reusing what the cache already holds of it.
   *
   * @returns How many tokens were reused and how many evaluated.
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
    const reused = this.#rewind(Math.min(this.#common(prompt), prompt.length - 1));
    await this.#feed(prompt.subarray(reused), { signal, logits: true });
    return { reused, evaluated: prompt.length - reused };
  }

  /**
   * The reply to `prompt`, token by token; computes nothing before it is asked for. Leaving the loop
   * or aborting the signal stops it within one step.
   *
   * @returns Why it ended.
   * @throws {DramatisError} WINDOW_EXCEEDED, GRAMMAR_INVALID, BUSY, DISPOSED; `signal.reason` when aborted.
   */
  async *generate(
    prompt: Int32Array,
    options: GenerateOptions = {},
  ): AsyncGenerator<Generated, Stop, undefined> {
    const { maxTokens = defaultMaxTokens, stop = [], signal } = options;
    const sampling = { ...defaultSampling, ...options.sampling };
    const grammar = this.#grammar(sampling);
    const history = options.history ?? new Int32Array();
    settleNow(() => this.#native.setSampler(toNative(sampling), history, grammar?.native ?? null));
    if (options.bias) this.bias(options.bias);
    await this.prefill(prompt, signal);
    const utf8 = new Utf8Stream();
    const scanner = new StopScanner(stop);
    const tokens = this.#draw(maxTokens, grammar?.hasBans ?? false, signal);
    for (;;) {
      const { done, value } = await tokens.next();
      if (done) {
        const text = scanner.push(utf8.flush()).text + scanner.flush();
        if (text !== '') yield { token: undefined, text };
        return value;
      }
      const found = scanner.push(utf8.push(this.model.piece(value)));
      yield { token: value, text: found.text };
      if (found.stop !== undefined) return 'stop';
    }
  }

  /**
   * The tokens of a reply, once nothing takes them back any more.
   *
   * @param hasBans Whether a banned phrase may come of the last ones: those wait.
   */
  async *#draw(
    maxTokens: number,
    hasBans: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<number, Stop, undefined> {
    const waiting: number[] = [];
    let pending: number | undefined;
    for (let produced = 0; produced < maxTokens; ) {
      signal?.throwIfAborted();
      const token = await settle(this.#native.next());
      // The step has put the token before this one into the cache.
      if (pending !== undefined && token !== windowFull) this.#tokens.push(pending);
      pending = undefined;
      if (token <= takenBack) {
        const count = takenBack + 1 - token;
        waiting.length -= count;
        produced -= count;
        await this.prefill(Int32Array.from(this.#tokens.slice(0, -count)), signal);
        continue;
      }
      if (token === ended || token === windowFull) {
        yield* waiting;
        return token === ended ? 'end' : 'window';
      }
      pending = token;
      produced++;
      waiting.push(token);
      const held = hasBans ? settleNow(() => this.#native.held()) : 0;
      while (waiting.length > held) yield waiting.shift()!;
    }
    yield* waiting;
    return 'length';
  }

  #grammar({ grammar }: Sampling): Grammar | undefined {
    if (typeof grammar !== 'string') return grammar;
    return grammar === '' ? undefined : this.model.grammar(grammar);
  }

  /** λ of the grammar of the reply being generated, from its next token on. */
  strength(strength: number): void {
    settleNow(() => this.#native.setStrength(strength));
  }

  /** Replaces the bias of the reply being generated, from its next token on. */
  bias(bias: ReadonlyMap<number, number>): void {
    const tokens = Int32Array.from(bias.keys());
    const values = Float32Array.from(bias.values());
    settleNow(() => this.#native.setBias(tokens, values));
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
   * The same for many prefixes at once: what they share is evaluated once, and short ones fill a step
   * together. How they are put together follows from the requests alone: from an emptied session the same
   * requests give the same bits.
   *
   * @returns A row of log-probabilities for each continuation of each request, and how many tokens were evaluated.
   * @throws {DramatisError} WINDOW_EXCEEDED before anything is evaluated.
   */
  async scoreAll(
    requests: readonly ScoreRequest[],
    signal?: AbortSignal,
  ): Promise<{ scores: Float32Array[][]; evaluated: number }> {
    for (const request of requests) this.#check(request);
    const scores = requests.map(({ continuations }) =>
      continuations.map((tokens) => new Float32Array(tokens.length)),
    );
    let evaluated = 0;
    const limits = {
      tokens: this.#slice,
      ends: maxBranches,
      rows: this.#scoreRows,
      window: this.window,
    };
    for (const step of planSteps(requests, limits)) {
      evaluated += (await this.become(step.base, signal)) + step.evaluated;
      signal?.throwIfAborted();
      const { tokens, parents, scored, keep, kept, results } = step;
      const found = await settle(this.#native.scoreTree(tokens, parents, scored, keep));
      this.#tokens.push(...kept);
      for (const { request, continuation, offset, nodes } of results) {
        const row = scores[request]![continuation]!;
        nodes.forEach((node, i) => {
          row[offset + i] = found[node]!;
        });
      }
    }
    return { scores, evaluated };
  }

  #check({ prefix, continuations }: ScoreRequest): void {
    if (prefix.length === 0)
      throw new RangeError('the prefix is empty; at least 1 token is wanted');
    if (continuations.some((tokens) => tokens.length === 0))
      throw new RangeError('a continuation is empty; at least 1 token is wanted');
    const longest = Math.max(0, ...continuations.map((tokens) => tokens.length));
    const needed = prefix.length + longest;
    if (needed > this.window) {
      throw new DramatisError(
        'WINDOW_EXCEEDED',
        `prefix and continuation have ${needed} tokens and the window ${this.window}`,
      );
    }
  }

  /** Makes the timeline equal to `tokens`, reusing what the cache holds of it; returns how many it evaluated. */
  async become(tokens: Int32Array, signal?: AbortSignal): Promise<number> {
    const reused = this.#rewind(this.#common(tokens));
    await this.#feed(tokens.subarray(reused), { signal, logits: false });
    return tokens.length - reused;
  }

  /** Forgets everything: what is evaluated next does not depend on what was before. */
  clear(): void {
    this.#rewind(0);
  }

  /** Marks what is in the cache: while nothing of it is forgotten, `isHeld` says so. */
  hold(): void {
    this.#held = this.#tokens.length;
  }

  /** Whether these tokens were in the cache when `hold` was called, no others, and have been since: not a bit has changed. */
  isHeld(tokens: Int32Array): boolean {
    return this.#held === tokens.length && this.#common(tokens) === tokens.length;
  }

  /** Writes the cache to a file that only this model, adapter and window will take back. */
  async save(path: string): Promise<void> {
    const state = await settle(this.#native.save());
    await writeState(path, this.#stateKey(), Int32Array.from(this.#tokens), state);
  }

  /** @returns Whether the file held this session's kind of state, whole; if not, nothing has changed. */
  async restore(path: string): Promise<boolean> {
    const found = await readState(path, this.#stateKey());
    if (!found || found.tokens.length > this.window) return false;
    this.#tokens = [];
    this.#held = -1;
    await settle(this.#native.restore(found.state, found.tokens.length));
    this.#tokens = Array.from(found.tokens);
    return true;
  }

  #stateKey(): string {
    return `${this.model.identity} ${this.#adapter} ${this.window}`;
  }

  #common(prompt: Int32Array): number {
    let n = 0;
    while (n < prompt.length && this.#tokens[n] === prompt[n]) n++;
    return n;
  }

  #rewind(length: number): number {
    const left = settleNow(() => this.#native.rewind(length));
    this.#tokens.length = Math.min(this.#tokens.length, left);
    if (left < this.#held) this.#held = -1;
    return left;
  }

  /** Evaluates tokens after those in the cache. At most the last one's logits are computed. */
  async #feed(
    tokens: Int32Array,
    { signal, logits }: { signal?: AbortSignal | undefined; logits: boolean },
  ): Promise<void> {
    for (let at = 0; at < tokens.length; ) {
      signal?.throwIfAborted();
      const slice = tokens.subarray(at, at + this.#slice - (this.#tokens.length % this.#slice));
      at += slice.length;
      await settle(this.#native.feed(slice, logits && at === tokens.length));
      this.#tokens.push(...slice);
    }
  }

  /** Idempotent. A step in flight finishes; the next call fails with DISPOSED. */
  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}
