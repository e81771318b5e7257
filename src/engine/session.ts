import { DramatisError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import { Grammar } from './grammar.ts';
import type { Model } from './model.ts';
import {
  maxBranches,
  type NativeCache,
  type NativeSession,
  type NativeSpan,
  native as nativeAddon,
  notResident,
  takenBack,
  windowFull,
} from './native.ts';
import { type Generated, ReplyText, type Stop } from './reply-text.ts';
import { defaultSampling, type Sampling, toNative } from './sampling.ts';
import { planSteps, type ScoreRequest } from './score-plan.ts';
import { settle, settleNow } from './settle.ts';
import { readState, writeState } from './state-file.ts';
import { type Acting, type Addition, bare, WearPlan } from './wear-plan.ts';

export type { Generated, Stop } from './reply-text.ts';

export interface GenerateOptions {
  readonly sampling?: Partial<Sampling>;
  readonly maxTokens?: number;
  /** Texts that end the reply and are not part of it. */
  readonly stop?: readonly string[];
  /**
   * Token → what is added to its logit, or a number for each token; −Infinity bans it. `Session.bias` and `biasAll`
   * change it between tokens.
   */
  readonly bias?: ReadonlyMap<number, number> | Float32Array;
  /** Tokens already said, for the repetition penalties. Default: none. */
  readonly history?: Int32Array;
  /** What is drawn from is moved away from what another session would say, see `Against`. */
  readonly against?: Against | undefined;
  readonly signal?: AbortSignal;
}

/**
 * A session whose words are drawn from base + α · (its own − base), log-probabilities each: 1 is its own, 0 the base, above
 * 1 more of what tells them apart. The base reads what is said, in the same steps.
 */
export interface Against {
  /** Of the same cache, and nobody else's meanwhile. Where its window is full, it says nothing more. */
  readonly base: Session;
  /** What the base has read before. */
  readonly prompt: Int32Array;
  readonly alpha: number;
}

const defaultMaxTokens = 256;

/** An adapter on a session. */
export interface SessionAdapter extends Acting {
  /** The position from which on it acts; what is before that is read by what acted there. 0 unless given. */
  readonly from?: number;
}

/** Adapters that act on one session at once; a control vector has a place beside them. */
const mostAdapters = 4;

/** What a session begins with. */
interface Beginning {
  readonly native: NativeSession;
  /** Tokens one step evaluates. */
  readonly slice: number;
  readonly scoreRows: number;
  readonly bytesPerToken: number;
  readonly cache: symbol;
  /** What it is a fork of. */
  readonly of?: Session | undefined;
}

/**
 * One mutable timeline on a model: tokens in a KV cache, which forks of it share.
 *
 * What is in the cache is known by its tokens *and*, for each, by the content hash and gain of the adapters that made
 * it: what others made is never reused. One call at a time (BUSY); each call is a row of bounded steps.
 */
export class Session implements Disposable {
  readonly model: Model;
  /** Tokens the timeline can hold. */
  readonly window: number;
  readonly #native: NativeSession;
  /** What is in the cache, in order, and what acted on each. */
  #tokens: number[] = [];
  #keys: string[] = [];
  /** Tokens that the native side still holds, of which those beyond `#tokens` are to be forgotten. */
  #evaluated = 0;
  /** Drawn, and not yet evaluated. */
  #drawn: number | undefined;
  #plan = new WearPlan();
  #isDressed = true;
  /** What the reply being drawn is held against. */
  #against: Against | undefined;
  /** Names the cache that it shares with others. */
  readonly #cache: symbol;
  /** Tokens at the start that `hold` marked; -1 once one of them was forgotten. */
  #held = -1;
  /** Every token of the vocabulary, once it was needed. */
  #every: Int32Array | undefined;
  /** Tokens at the start whose memory is shared with the session this is a fork of. */
  #shared = 0;
  readonly #slice: number;
  readonly #scoreRows: number;
  readonly #bytesPerToken: number;

  constructor(model: Model, { native, slice, scoreRows, bytesPerToken, cache, of }: Beginning) {
    this.model = model;
    this.#native = native;
    this.window = native.window();
    this.#slice = slice;
    this.#scoreRows = scoreRows;
    this.#bytesPerToken = bytesPerToken;
    this.#cache = cache;
    if (!of) return;
    this.#tokens = [...of.#tokens];
    this.#keys = [...of.#keys];
    this.#evaluated = this.#shared = this.#tokens.length;
    this.#plan = new WearPlan(of.#plan);
    this.#isDressed = of.#isDressed;
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#tokens.length;
  }

  /** Names the adapters that act, with their gains, and where. */
  get adapterKey(): string {
    return this.#plan.text();
  }

  /** Bytes of the cache that this session's tokens take; `own`: of them, those that no session it is a fork of holds. */
  get memory(): { readonly bytes: number; readonly own: number } {
    const own = this.length - Math.min(this.length, this.#shared);
    return { bytes: this.length * this.#bytesPerToken, own: own * this.#bytesPerToken };
  }

  /** What acts on what is evaluated from now on; the first of several. */
  get adapter(): SessionAdapter | null {
    const { acting, from } = this.#plan.acting;
    return acting[0] ? { ...acting[0], from } : null;
  }

  /**
   * Changes that between any two tokens, also within a reply, at once. What is in the cache and would have become
   * something else is evaluated again when it is next asked for.
   *
   * @throws {DramatisError} ADAPTER_MISMATCH if it was trained for its own turns alone and `from` is not given, or for
   *   all it reads and `from` is behind what was read without it.
   */
  set adapter(adapter: SessionAdapter | null) {
    this.wear(adapter ? [adapter] : [], adapter?.from);
  }

  /** How strongly the adapters act on what is evaluated from now on. What is in the cache stays. */
  set gain(gain: number) {
    const { acting } = this.#plan.acting;
    this.#change(
      acting.map(({ version }) => ({ version, gain })),
      this.length,
    );
  }

  /** A control vector that acts beside the adapters. */
  get control(): Addition | null {
    return this.#plan.control ?? null;
  }

  /**
   * Changes that between any two tokens, its strength too. What is in the cache from its position on is evaluated again
   * when it is next asked for.
   *
   * @throws {RangeError} For a strength that is not finite.
   */
  set control(control: Addition | null) {
    if (control && !Number.isFinite(control.gain))
      throw new RangeError(`a control vector of strength ${control.gain}; a finite one is wanted`);
    this.#replan(this.#plan.changeControl(control ?? undefined));
  }

  /** Puts an adapter on, or takes it off with null: see `adapter`. */
  setAdapter(adapter: Adapter | null, scale = 1): void {
    this.adapter = adapter && { version: adapter, gain: scale };
  }

  /** Puts adapters on, whose effects add up. */
  setAdapters(adapters: readonly { readonly adapter: Adapter; readonly scale: number }[]): void {
    this.wear(adapters.map(({ adapter, scale }) => ({ version: adapter, gain: scale })));
  }

  /**
   * Several adapters at once: their effects add up.
   *
   * @param from As in `SessionAdapter`, of all of them.
   * @throws {RangeError} For more than four, or a gain that is not finite.
   */
  wear(adapters: readonly Acting[], from?: number): void {
    for (const { version } of adapters) {
      if (version.scope === 'turn' && !from) {
        throw mismatch(
          version,
          'has scope "turn": pass `from`, the position where the turn begins',
          "It was trained to act on the character's own turns alone: adapter = { version, gain, from }.",
        );
      }
      if (version.scope === 'context' && from && this.#plan.keyAt(from - 1) === bare) {
        throw mismatch(
          version,
          `has scope "context", and the ${from} tokens before \`from\` were read without it`,
          'It was trained to read the whole context: leave `from` out.',
        );
      }
    }
    this.#change(adapters, from ?? 0);
  }

  #change(acting: readonly Acting[], from: number): void {
    const gains = acting.map(({ gain }) => gain);
    if (gains.length > mostAdapters || !gains.every(Number.isFinite)) {
      throw new RangeError(
        `adapters of the gains ${gains.join(', ')}; at most ${mostAdapters}, of finite gain, are wanted`,
      );
    }
    this.#replan(this.#plan.change(from, acting));
  }

  #replan(isOther: boolean): void {
    if (!isOther) return;
    this.#isDressed = false;
    const changed = this.#keys.findIndex((key, i) => key !== this.#plan.keyAt(i));
    if (changed >= 0) this.#forget(changed);
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
    const reused = await this.#rewind(Math.min(this.#common(prompt), prompt.length - 1));
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
    const text = await this.begin(prompt, options);
    while (text.stop === undefined) {
      options.signal?.throwIfAborted();
      yield* text.take((await Session.drawEach([this], options.signal))[0]!);
    }
    return text.stop;
  }

  /** Reads a prompt and makes ready to draw what comes after it. */
  async begin(prompt: Int32Array, options: GenerateOptions = {}): Promise<ReplyText> {
    const { maxTokens = defaultMaxTokens, stop = [], signal } = options;
    const sampling = { ...defaultSampling, ...options.sampling };
    const grammars = await this.#compiled(sampling.grammar);
    const history = options.history ?? new Int32Array();
    const natives = grammars.map(({ native }) => native);
    settleNow(() => this.#native.setSampler(toNative(sampling), history, natives));
    if (options.bias instanceof Float32Array) this.biasAll(options.bias);
    else if (options.bias) this.bias(options.bias);
    await this.prefill(prompt, signal);
    this.#against = options.against;
    await options.against?.base.prefill(options.against.prompt, signal);
    const held = (): number => settleNow(() => this.#native.held());
    return new ReplyText({
      piece: (token) => this.model.piece(token),
      maxTokens,
      stop,
      ...(grammars.some(({ hasBans }) => hasBans) && { held }),
    });
  }

  /**
   * The next token of each, in one step: sessions of one cache only. `ended` or `windowFull` where there is none;
   * `takenBack` + 1 − n where the last n are taken back.
   */
  static async drawEach(sessions: readonly Session[], signal?: AbortSignal): Promise<Int32Array> {
    const tokens = await Session.#draws(sessions);
    for (const [i, session] of sessions.entries()) {
      const count = takenBack + 1 - tokens[i]!;
      if (count <= 0) continue;
      await session.prefill(session.#all(-count), signal);
      const base = session.#against?.base;
      // One whose window was full has not read the last ones.
      const behind = base && base.length < base.window;
      if (behind) await base.prefill(base.#all(-count), signal);
    }
    return tokens;
  }

  static async #draws(sessions: readonly Session[]): Promise<Int32Array> {
    const [only, ...others] = sessions;
    if (only && others.length === 0 && !only.#against) return Int32Array.of(await only.#draw());
    const bases = sessions.map((session) => session.#against?.base);
    for (const session of [...sessions, ...bases]) if (session) await session.#dress();
    const keys = sessions.map((session) => session.#keysOf(1));
    const baseKeys = bases.map((base) => (base ? base.#keysOf(1) : []));
    const tokens = await settle(
      nativeAddon().nextOfEach(
        sessions.map((session) => session.#native),
        bases.map((base) => (base ? base.#native : undefined)),
        sessions.map((session) => session.#against?.alpha ?? 1),
      ),
    );
    for (const [i, session] of sessions.entries()) {
      const base = bases[i];
      const read = session.#drawn;
      if (base && base.length < base.window && read !== undefined && tokens[i] !== windowFull)
        base.#push([read], baseKeys[i]!);
      session.#took(tokens[i]!, keys[i]!);
    }
    return tokens;
  }

  /** What is in the cache, but for its last tokens. */
  #all(end: number): Int32Array {
    return Int32Array.from(this.#tokens.slice(0, end));
  }

  async #draw(): Promise<number> {
    for (;;) {
      const change = this.#isDressed ? undefined : this.#nativeSpans();
      this.#isDressed = true;
      const keys = this.#keysOf(1);
      const token = await this.#dressing(() => this.#native.next(change));
      if (token === notResident) {
        this.#isDressed = false;
        await this.#dress();
        continue;
      }
      this.#took(token, keys);
      return token;
    }
  }

  /** The step that drew `token` has put the one before it into the cache. */
  #took(token: number, keys: readonly string[]): void {
    if (this.#drawn !== undefined && token !== windowFull) this.#push([this.#drawn], keys);
    this.#drawn = token < 0 ? undefined : token;
  }

  async #compiled(given: Sampling['grammar']): Promise<readonly Grammar[]> {
    const asked = typeof given === 'string' || given instanceof Grammar ? [given] : given;
    const found: Grammar[] = [];
    for (const grammar of asked) {
      if (grammar === '') continue;
      found.push(typeof grammar === 'string' ? await this.model.grammar(grammar) : grammar);
    }
    return found;
  }

  /** Milliseconds that each grammar of the reply being generated has taken so far, in their order, '' left out. */
  grammarMs(): Float32Array {
    return settleNow(() => this.#native.grammarMs());
  }

  /** Milliseconds that control vectors have taken so far, of all sessions of the model; 0 on a GPU. */
  controlMs(): number {
    return settleNow(() => this.#native.controlMs());
  }

  /** λ of the grammars of the reply being generated, from its next token on. */
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
   * The same with a number for each token of the vocabulary.
   *
   * @throws {RangeError} If there are not as many.
   */
  biasAll(values: Float32Array): void {
    const { vocabulary } = this.model.info;
    if (values.length !== vocabulary)
      throw new RangeError(`${values.length} values; ${vocabulary} are wanted, one a token`);
    this.#every ??= Int32Array.from(values, (_, token) => token);
    const tokens = this.#every;
    settleNow(() => this.#native.setBias(tokens, values));
  }

  /**
   * What the next token is chosen from: a logit for each token of the vocabulary, before any bias. Between the tokens
   * of a reply it evaluates the last one, so that what is pushed next may depend on what another session has here.
   *
   * @returns A copy; undefined if the window is full.
   * @throws {DramatisError} NATIVE_FAILED if nothing was evaluated since the timeline last changed.
   */
  async logits(): Promise<Float32Array | undefined> {
    await this.#dress();
    const keys = this.#keysOf(1);
    const found = await settle(this.#native.logits());
    if (found.length === 0) return undefined;
    if (this.#drawn !== undefined) this.#push([this.#drawn], keys);
    this.#drawn = undefined;
    return found;
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
      await this.#dress();
      const keys = this.#keysOf(kept.length);
      const found = await settle(this.#native.scoreTree(tokens, parents, scored, keep));
      this.#push(kept, keys);
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
    const reused = await this.#rewind(this.#common(tokens));
    await this.#feed(tokens.subarray(reused), { signal, logits: false });
    return tokens.length - reused;
  }

  /** Forgets everything: what is evaluated next does not depend on what was before. */
  clear(): void {
    this.#forget(0);
  }

  /** Marks what is in the cache: while nothing of it is forgotten, `isHeld` says so. */
  hold(): void {
    this.#held = this.#tokens.length;
  }

  /** Whether these tokens were in the cache when `hold` was called, no others, and have been since: not a bit has changed. */
  isHeld(tokens: Int32Array): boolean {
    return this.#held === tokens.length && this.#common(tokens) === tokens.length;
  }

  /**
   * A session with the same tokens in the cache, whose memory both share; each goes on by itself. It wears the same.
   *
   * @throws {DramatisError} MEMORY_SHORT if the cache was made for fewer sessions.
   */
  async fork(): Promise<Session> {
    await this.#rewind(this.length);
    return this.#open(this.#native.fork(), this);
  }

  /** Whether the two can take their steps together. */
  sharesCacheWith(other: Session): boolean {
    return this.#cache === other.#cache;
  }

  /** An empty session in the same cache; throws as `fork` does. */
  async another(): Promise<Session> {
    return this.#open(this.#native.another(this.window));
  }

  async #open(opening: Promise<NativeSession>, of?: Session): Promise<Session> {
    try {
      const [slice, scoreRows, bytesPerToken] = [this.#slice, this.#scoreRows, this.#bytesPerToken];
      return new Session(this.model, {
        native: await settle(opening),
        slice,
        scoreRows,
        bytesPerToken,
        cache: this.#cache,
        of,
      });
    } catch (error) {
      if (!(error instanceof DramatisError && error.code === 'MEMORY_SHORT')) throw error;
      throw new DramatisError(error.code, error.message, {
        cause: error,
        remedy: 'Dispose of one, or open the first with a larger `sessions`.',
      });
    }
  }

  /** Of the cache that forks share. */
  async cache(): Promise<NativeCache> {
    return settle(this.#native.cache());
  }

  /** Writes the cache to a file that only this model, window and the same adapters will take back. */
  async save(path: string): Promise<void> {
    await this.#rewind(this.length);
    const state = await settle(this.#native.save());
    const tokens = Int32Array.from(this.#tokens);
    await writeState(path, this.#stateKey(tokens.length), tokens, state);
  }

  /** @returns Whether the file held this session's kind of state, whole; if not, nothing has changed. */
  async restore(path: string): Promise<boolean> {
    const found = await readState(path, (tokens) => this.#stateKey(tokens));
    if (!found || found.tokens.length > this.window) return false;
    this.#forget(0);
    this.#held = -1;
    this.#evaluated = 0;
    const keys = this.#keysOf(found.tokens.length);
    await settle(this.#native.restore(found.state, found.tokens.length));
    this.#push(found.tokens, keys);
    return true;
  }

  #stateKey(length: number): string {
    const plan = this.#plan.text(length);
    const made = plan === bare ? '' : ` ${this.model.bankKey}`;
    return `${this.model.identity} ${plan} ${this.window}${made}`;
  }

  #common(prompt: Int32Array): number {
    let n = 0;
    while (
      n < prompt.length &&
      this.#tokens[n] === prompt[n] &&
      this.#keys[n] === this.#plan.keyAt(n)
    )
      n++;
    return n;
  }

  /** What acts on the next tokens, as they are about to be evaluated: the plan may change while they are. */
  #keysOf(count: number): string[] {
    return Array.from({ length: count }, (_, i) => this.#plan.keyAt(this.length + i));
  }

  #push(tokens: ArrayLike<number>, keys: readonly string[]): void {
    for (let i = 0; i < tokens.length; i++) {
      this.#tokens.push(tokens[i]!);
      this.#keys.push(keys[i]!);
    }
    this.#evaluated = this.#tokens.length;
  }

  /** Tokens from `length` on are no longer part of the timeline; the native side is told before its next step. */
  #forget(length: number): void {
    if (length >= this.length) return;
    this.#tokens.length = this.#keys.length = length;
    this.#drawn = undefined;
    this.#shared = Math.min(this.#shared, length);
    if (length < this.#held) this.#held = -1;
  }

  async #rewind(length: number): Promise<number> {
    this.#forget(length);
    this.#drawn = undefined;
    if (this.#evaluated > this.length) {
      this.#forget(await settle(this.#native.rewind(this.length)));
      this.#evaluated = this.length;
    }
    return this.length;
  }

  /** Tells the native side what acts, if that has changed. */
  async #dress(): Promise<void> {
    while (!this.#isDressed) {
      this.#isDressed = true;
      const spans = this.#nativeSpans();
      // In parts, between which others take their turn.
      while (!(await this.#dressing(() => this.#native.applyAdapters(spans))));
    }
  }

  #nativeSpans(): NativeSpan[] {
    return this.#plan.spans.map(({ from, acting }) => ({
      from,
      adapters: acting.map(({ version }) => version.native),
      gains: acting.map(({ gain }) => gain),
    }));
  }

  /** Of a step that may have to make room for an adapter. */
  async #dressing<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await settle(step());
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      this.#isDressed = false;
      if (error.code !== 'MEMORY_SHORT') throw error;
      throw new DramatisError(error.code, error.message, {
        cause: error,
        remedy: 'Take one off, or open the model with more `adapters.slots`.',
      });
    }
  }

  /** Evaluates tokens after those in the cache. At most the last one's logits are computed. */
  async #feed(
    tokens: Int32Array,
    { signal, logits }: { signal?: AbortSignal | undefined; logits: boolean },
  ): Promise<void> {
    for (let at = 0; at < tokens.length; ) {
      signal?.throwIfAborted();
      await this.#dress();
      const slice = tokens.subarray(at, at + this.#slice - (this.#tokens.length % this.#slice));
      at += slice.length;
      const keys = this.#keysOf(slice.length);
      await settle(this.#native.feed(slice, logits && at === tokens.length));
      this.#push(slice, keys);
    }
  }

  /** Idempotent. A step in flight finishes; the next call fails with DISPOSED. */
  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}

function mismatch({ hash, path }: Adapter, why: string, remedy: string): DramatisError {
  const name = path === '' ? `adapter ${hash.slice(0, 12)}` : path;
  return new DramatisError('ADAPTER_MISMATCH', `${name} ${why}`, { remedy });
}
