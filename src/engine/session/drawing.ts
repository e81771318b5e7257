import { Grammar } from '../grammar.ts';
import type { Model } from '../model.ts';
import { native as nativeAddon, notResident, windowFull } from '../native.ts';
import { defaultSampling, type Sampling, toNative } from '../sampling.ts';
import { settle, settleNow } from '../settle.ts';
import type { Evaluator } from './evaluator.ts';
import { ReplyText } from './reply-text.ts';
import type { SharedSteps } from './shared-steps.ts';
import { tokensTakenBack } from './tokens-taken-back.ts';

/** Sampling, limits and bias of one reply. */
export interface DrawingOptions {
  readonly sampling?: Partial<Sampling> | undefined;
  /** 256 unless given. */
  readonly maxTokens?: number | undefined;
  /** Tokens from which on the reply ends where a sentence does; it never does unless given. */
  readonly softEnd?: number | undefined;
  /** Texts that end the reply and are not part of it. */
  readonly stop?: readonly string[] | undefined;
  /**
   * Token → what is added to its logit, or a number for each token; −Infinity bans it. `Session.bias` and `biasAll`
   * change it between tokens.
   */
  readonly bias?: ReadonlyMap<number, number> | Float32Array | undefined;
  /** Tokens already said, for the repetition penalties. Default: none. */
  readonly history?: Int32Array | undefined;
}

/** `Against`, with the base's drawing in place of its session. */
interface Base {
  readonly base: Drawing;
  readonly prompt: Int32Array;
  readonly alpha: number;
}

const defaultMaxTokens = 256;

/** Draws the tokens of replies on one session, one step a token. */
export class Drawing {
  readonly #model: Model;
  readonly evaluator: Evaluator;
  /** Contrast of the reply being drawn, if any. */
  against: Base | undefined;
  /** Every token of the vocabulary, once it was needed. */
  #every: Int32Array | undefined;

  constructor(model: Model, evaluator: Evaluator) {
    this.#model = model;
    this.evaluator = evaluator;
  }

  /** Reads a prompt and makes ready to draw what comes after it. */
  async begin(
    prompt: Int32Array,
    options: DrawingOptions,
    against: Base | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ReplyText> {
    const { maxTokens = defaultMaxTokens, stop = [], softEnd, bias } = options;
    const { native } = this.evaluator;
    const sampling = { ...defaultSampling, ...options.sampling };
    const grammars = await this.#compiled(sampling.grammar);
    const compiled = grammars.map((grammar) => grammar.native);
    settleNow(() =>
      native.setSampler(toNative(sampling), options.history ?? new Int32Array(), compiled),
    );
    if (bias instanceof Float32Array) this.biasAll(bias);
    else if (bias) this.bias(bias);
    await this.evaluator.prefill(prompt, signal);
    this.against = against;
    await against?.base.evaluator.prefill(against.prompt, signal);
    const held = (): number => settleNow(() => native.held());
    return new ReplyText({
      piece: (token) => this.#model.piece(token),
      maxTokens,
      stop,
      softEnd,
      ...(grammars.some(({ hasBans }) => hasBans) && { held }),
    });
  }

  /**
   * The next token of each, in one step: of one cache only. `ended` or `windowFull` where there is none;
   * `takenBack` + 1 − n where the last n are taken back.
   */
  static async nextOfEach(
    drawings: readonly Drawing[],
    steps: SharedSteps<Drawing>,
    signal: AbortSignal | undefined,
  ): Promise<Int32Array> {
    const tokens = await Drawing.#inTurn(drawings, steps, signal);
    for (const [i, drawing] of drawings.entries()) {
      const count = tokensTakenBack(tokens[i]!);
      if (count > 0) await drawing.#takeBack(count, signal);
    }
    return tokens;
  }

  static async #inTurn(
    drawings: readonly Drawing[],
    steps: SharedSteps<Drawing>,
    signal: AbortSignal | undefined,
  ): Promise<Int32Array> {
    const isPatient = drawings.every(({ evaluator }) => evaluator.standing.isPatient);
    const taken: Disposable[] = [];
    try {
      for (const { evaluator } of drawings) taken.push(evaluator.take());
      return await steps.draw(drawings, { isPatient }, signal);
    } finally {
      for (const one of taken) one[Symbol.dispose]();
    }
  }

  /** One step for all that draw in a cache at one time: see `SharedSteps`. */
  static async step(drawings: readonly Drawing[]): Promise<Int32Array> {
    const [only, ...others] = drawings;
    const isAlone = only && others.length === 0 && !only.against;
    return isAlone ? Int32Array.of(await only.#next()) : Drawing.#nextOfSeveral(drawings);
  }

  static async #nextOfSeveral(drawings: readonly Drawing[]): Promise<Int32Array> {
    const bases = drawings.map((drawing) => drawing.against?.base);
    for (const one of [...drawings, ...bases]) await one?.evaluator.apply();
    const keys = drawings.map((drawing) => drawing.nextKey);
    const baseKeys = bases.map((base) => base?.nextKey);
    const tokens = await settle(
      nativeAddon().nextOfEach(
        drawings.map((drawing) => drawing.evaluator.native),
        bases.map((base) => base?.evaluator.native),
        drawings.map((drawing) => drawing.against?.alpha ?? 1),
      ),
    );
    for (const [i, drawing] of drawings.entries()) {
      const token = tokens[i]!;
      const base = bases[i];
      const read = drawing.evaluator.timeline.drawn;
      if (base && !base.#isFull && read !== undefined && token !== windowFull)
        base.evaluator.timeline.push([read], [baseKeys[i]!]);
      drawing.#took(token, keys[i]!);
    }
    return tokens;
  }

  /** The next token of this one alone: a change of adapters costs no step of its own. */
  async #next(): Promise<number> {
    const evaluator = this.evaluator;
    for (;;) {
      const change = evaluator.takeChange();
      const key = this.nextKey;
      const token = await evaluator.evicting(() => evaluator.native.next(change));
      if (token !== notResident) {
        this.#took(token, key);
        return token;
      }
      evaluator.leaveChange();
      await evaluator.apply();
    }
  }

  /** Names what acts on the token that the next step evaluates. */
  get nextKey(): string {
    return this.evaluator.keyAt(this.evaluator.timeline.length);
  }

  get #isFull(): boolean {
    return this.evaluator.timeline.length >= this.evaluator.window;
  }

  /** Notes a step's token: unless the window was full, the step has put the one before it into the cache. */
  #took(token: number, key: string): void {
    const { timeline } = this.evaluator;
    if (token !== windowFull) timeline.pushDrawn(key);
    timeline.draw(token < 0 ? undefined : token);
  }

  /** Goes back to before the last `count` tokens, with what the reply is drawn against. */
  async #takeBack(count: number, signal: AbortSignal | undefined): Promise<void> {
    const base = this.against?.base;
    await this.evaluator.prefill(this.evaluator.timeline.tokens(-count), signal);
    // A base whose window was full has not read the last ones.
    if (base && !base.#isFull)
      await base.evaluator.prefill(base.evaluator.timeline.tokens(-count), signal);
  }

  async #compiled(given: Sampling['grammar']): Promise<readonly Grammar[]> {
    const asked = typeof given === 'string' || given instanceof Grammar ? [given] : given;
    const found: Grammar[] = [];
    for (const grammar of asked) {
      if (grammar === '') continue;
      found.push(typeof grammar === 'string' ? await this.#model.grammar(grammar) : grammar);
    }
    return found;
  }

  /** Replaces the bias of the reply being drawn, from its next token on. */
  bias(bias: ReadonlyMap<number, number>): void {
    const tokens = Int32Array.from(bias.keys());
    const values = Float32Array.from(bias.values());
    settleNow(() => this.evaluator.native.setBias(tokens, values));
  }

  /**
   * Replaces the bias by a number for each token of the vocabulary.
   *
   * @throws {RangeError} If there are not as many.
   */
  biasAll(values: Float32Array): void {
    const { vocabulary } = this.#model.info;
    if (values.length !== vocabulary)
      throw new RangeError(`${values.length} values; ${vocabulary} are wanted, one a token`);
    this.#every ??= Int32Array.from(values, (_, token) => token);
    const tokens = this.#every;
    settleNow(() => this.evaluator.native.setBias(tokens, values));
  }

  /** A copy of the logits that the next token is drawn from; undefined if the window is full: see `Session.logits`. */
  async logits(): Promise<Float32Array | undefined> {
    const evaluator = this.evaluator;
    await evaluator.apply();
    const key = this.nextKey;
    const found = await settle(evaluator.native.logits());
    if (found.length === 0) return undefined;
    evaluator.timeline.pushDrawn(key);
    return found;
  }
}
