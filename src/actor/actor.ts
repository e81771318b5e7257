import type { Model } from '../engine/model.ts';
import type { Sampling } from '../engine/sampling.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { applyForTurn, isForTurns } from '../engine/session/apply-for-turn.ts';
import { defaultWindow } from '../engine/session/cache.ts';
import type { Stop } from '../engine/session/reply-text.ts';
import type { Session } from '../engine/session/session.ts';
import type { Memory } from '../memory/memory.ts';
import type { Recalled } from '../memory/passage.ts';
import type { CastMember, Place, Play } from '../play/play.ts';
import { formFor } from '../prompt/form.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import type { Form, Persona, ScenePrompt, Turn } from '../prompt/prompt.ts';
import type { PromptTemplate } from '../prompt/prompt-template.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import { speechSampling } from '../prompt/speech-sampling.ts';
import type { Contrast } from '../steer/draw/contrast.ts';
import { spentBetween, totalCost } from '../steer/lever-costs.ts';
import type { LeverCost, Steering } from '../steer/steering.ts';
import {
  type AdapterName,
  type AdapterSelection,
  type AdapterSource,
  always,
  namesOf,
} from './adapter-source.ts';
import { ContrastBase } from './contrast-base.ts';
import { ParkedTimelines } from './parked-timelines.ts';
import { primeWithPrefix } from './prefix-states.ts';
import { recallForTurn } from './recall-for-turn.ts';
import { type Asked, type Asking, DraftReview } from './review/draft-review.ts';
import type { ReflectionRecord } from './review/reflect.ts';
import {
  type SpeakingPart,
  type SpeakOptions,
  type Spoken,
  speak,
  speakTogether,
  spoken,
} from './speak.ts';

export interface ActorOptions {
  readonly play: Play;
  readonly character: CastMember;
  /** Stays the caller's to dispose of, as the adapters do. */
  readonly model: Model;
  /** Active in every reply; their effects add up. */
  readonly adapters?: readonly ActiveAdapter[] | undefined;
  /** In place of `adapters`: asked before each reply which adapters are active. */
  readonly adapterSource?: AdapterSource | undefined;
  /** Without it nothing is recalled. */
  readonly memory?: Memory | undefined;
  readonly steering: Steering;
  /** The point in the story; the character knows nothing of what comes after it. */
  readonly at?: Place | undefined;
  /** Default: what the model is made for. */
  readonly form?: Form | undefined;
  /** Tokens of the session. */
  readonly window?: number | undefined;
  /** In which words the persona is told. */
  readonly template?: PromptTemplate | undefined;
  /** What the character's manner may be read off, where drafts are judged by it: the train scenes. Default: the play. */
  readonly shown?: (() => Play) | undefined;
  /** Where the states of personas are kept from one process to the next. */
  readonly stateFolder: string;
}

export interface ReplyOptions {
  readonly seed: number;
  /** What differs from `speechSampling`. */
  readonly sampling?: Partial<Sampling> | undefined;
  /** Default: the steering's. */
  readonly maxTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The adapters that are active in a reply. */
export interface AdaptersEvent {
  readonly kind: 'adapters';
  readonly adapters: readonly AdapterName[];
  /** Whether they differ from those of the reply before. */
  readonly isNew: boolean;
  /** See `AdapterSelection`. */
  readonly remark: string | undefined;
}

/** What a reply consists of, in order: `adapters` once, `recalled` once, `text` in pieces, `done` once. */
export type ReplyEvent =
  | AdaptersEvent
  | { readonly kind: 'recalled'; readonly passages: readonly Recalled[] }
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'done' } & Reply);

export interface Reply {
  /** The pieces of text, joined. */
  readonly reply: string;
  readonly tokens: number;
  /** Of the tokens after the first. */
  readonly tokensPerSecond: number;
  readonly promptTokens: number;
  /** Of them, those whose evaluation was at hand: from disk or from the turn before. */
  readonly reusedTokens: number;
  /** Oldest turns that no longer fitted into the window. */
  readonly droppedTurns: number;
  /** From the call to the first token. */
  readonly firstTokenMs: number;
  /** From the start of the process to the first token. */
  readonly firstTokenSinceStartMs: number;
  readonly recalled: readonly Recalled[];
  readonly seed: number;
  readonly stop: Stop;
  /** The adapters it was spoken with. */
  readonly adapters: readonly AdapterName[];
  /** What each lever cost it. */
  readonly costs: readonly LeverCost[];
  /** What was not said, and why, where drafts were made. */
  readonly reflection?: ReflectionRecord | undefined;
}

/**
 * A session whose cache has room for what the steering asks for: drafts, which share the prompt, and the base of contrast,
 * which reads another. Levers that are turned on later take their steps one after another.
 */
async function openSession(
  model: Model,
  window: number | undefined,
  { reflection, contrast, maxTokens }: Steering,
): Promise<Session> {
  const drafts = reflection ? reflection.drafts - 1 : 0;
  const bases = contrast === undefined ? 0 : 1;
  const sizes = window === undefined ? {} : { window };
  if (drafts + bases === 0) return model.session(sizes);
  const { trainedWindow } = model.info;
  const own = window ?? Math.min(defaultWindow, trainedWindow);
  const tokens = own * (1 + bases) + drafts * Math.min(maxTokens, own);
  const cache = await model.cache({ ...sizes, sessions: 1 + drafts + bases, tokens });
  return cache.owningSession();
}

/** A character that can speak: persona, memory and steering on a session of a model. */
export class Actor implements Disposable {
  readonly play: Play;
  readonly character: CastMember;
  readonly persona: Persona;
  readonly form: Form;
  readonly steering: Steering;
  /** May be changed between replies. */
  at: Place | undefined;
  readonly #model: Model;
  readonly #memory: Memory | undefined;
  readonly #session: Session;
  readonly #stateFolder: string;
  readonly #adapterSource: AdapterSource;
  #selection: AdapterSelection = { adapters: [] };
  readonly #parked: ParkedTimelines;
  readonly #contrastBase: ContrastBase;
  readonly #shown: () => Play;
  #draftReview: DraftReview | undefined;
  /** The prefix that the session was last made to begin with. */
  #prefix = '';

  private constructor(options: ActorOptions, session: Session, adapterSource: AdapterSource) {
    this.play = options.play;
    this.character = options.character;
    this.persona = personaOf(options.play, options.character, options.template);
    this.form = options.form ?? formFor(options.model);
    this.steering = options.steering;
    this.at = options.at;
    this.#model = options.model;
    this.#memory = options.memory;
    this.#session = session;
    this.#stateFolder = options.stateFolder;
    this.#adapterSource = adapterSource;
    this.#parked = new ParkedTimelines(options.stateFolder);
    this.#shown = options.shown ?? (() => options.play);
    const { model, form, window } = { model: this.#model, form: this.form, window: session.window };
    this.#contrastBase = new ContrastBase({ model, form, window, name: options.character.name });
  }

  /** @throws {DramatisError} MEMORY_SHORT, WINDOW_EXCEEDED, and what the adapter source throws. */
  static async open(options: ActorOptions): Promise<Actor> {
    const { model, window, adapters = [], adapterSource = always(adapters) } = options;
    const selection = await adapterSource.current();
    const session = await openSession(model, window, options.steering);
    const actor = new Actor(options, session, adapterSource);
    applyForTurn(session, selection.adapters, undefined);
    actor.#selection = selection;
    return actor;
  }

  /** The adapters of the last reply, or those it was opened with. */
  get adapters(): readonly AdapterName[] {
    return namesOf(this.#selection.adapters);
  }

  /** A sentence about them: see `AdapterSelection`. */
  get remark(): string | undefined {
    return this.#selection.remark;
  }

  get window(): number {
    return this.#session.window;
  }

  /** Bytes that what was said and read takes in the model's cache. */
  get cacheBytes(): number {
    return this.#session.memory.bytes;
  }

  /**
   * The character's answer to the last turn, whoever's it is. Leaving the loop or aborting the signal stops it within one
   * step; what was said until then stays said.
   *
   * @param turns At least one.
   * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit; what the adapter source throws, before
   *   anything is said; `signal.reason` when aborted.
   * @throws {RangeError} If there are no turns.
   */
  async *reply(
    turns: readonly Turn[],
    { seed, sampling, maxTokens = this.steering.maxTokens, signal }: ReplyOptions,
  ): AsyncGenerator<ReplyEvent> {
    const start = performance.now();
    if (turns.length === 0) throw new RangeError('no turns were given; at least one is wanted');
    yield await this.#selectAdapters();
    const { adapters } = this;
    const budget = this.window - Math.min(maxTokens, Math.floor(this.window / 2));
    const build = (recalled: readonly Recalled[], note?: string): ScenePrompt =>
      this.#render(turns, budget, recalled, note);

    // The persona's state is read while the memory is searched.
    const priming = this.#prime(build([]), signal);
    const recalling = this.#recall(turns, signal);
    await Promise.allSettled([priming, recalling]); // neither may still be at it when the other fails
    await priming;
    const recalled = await recalling;
    yield { kind: 'recalled', passages: recalled };

    const prompt = build(recalled);
    this.#applyAdapters(prompt);
    const reused = await this.#evaluate(prompt.tokens, signal);
    const before = this.steering.costs?.() ?? [];
    const contrasts: Contrast[] = [];
    const speaking = async (asked: Asking, ofSeed: number): Promise<SpeakOptions> => {
      const contrast = await this.#contrast({ ...asked, dropped: prompt.dropped }, turns);
      if (contrast) contrasts.push(contrast);
      return {
        names: [this.character.name, this.persona.displayName],
        steering: this.steering,
        contrast,
        sampling: { ...speechSampling, ...this.steering.sampling, ...sampling, seed: ofSeed },
        maxTokens,
        stop: [...new Set([...asked.stop, ...this.steering.stop])],
        history: this.#history(turns),
        ...(signal && { signal }),
      };
    };
    const saying = async (asked: Asking, ofSeed: number) => {
      const options = await speaking(asked, ofSeed);
      this.#applyAdapters(asked);
      return speak(this.#session, asked.tokens, options);
    };
    let said: Spoken;
    let reflection: ReflectionRecord | undefined;
    let drawnWith = seed;
    if (this.steering.reflection) {
      const plan = this.steering.reflection;
      const again = (note?: string): ScenePrompt => build(recalled, note);
      const sayTogether = (asked: Asking, seeds: readonly number[]) =>
        this.#sayTogether(asked, seeds, speaking, signal);
      const asked = { plan, build: again, say: saying, sayTogether, seed, signal };
      const { draft, record } = await this.#reviewDrafts(asked, turns);
      said = draft;
      drawnWith = draft.seed;
      reflection = record;
      if (said.text !== '') yield { kind: 'text', text: said.text };
    } else {
      const pieces = await saying(prompt, seed);
      let step = await pieces.next();
      for (; !step.done; step = await pieces.next()) yield { kind: 'text', text: step.value };
      said = step.value;
    }
    const { tokens, firstAt, lastAt, stop } = said;
    const perMs = tokens.length > 1 ? (tokens.length - 1) / (lastAt - firstAt) : 0;
    yield {
      kind: 'done',
      reply: said.text,
      tokens: tokens.length,
      tokensPerSecond: 1000 * perMs,
      promptTokens: prompt.tokens.length,
      reusedTokens: reused,
      droppedTurns: prompt.dropped,
      // What is chosen from drafts is shown when it is chosen.
      firstTokenMs: (reflection ? performance.now() : firstAt) - start,
      firstTokenSinceStartMs: reflection ? performance.now() : firstAt,
      recalled,
      seed: drawnWith,
      stop,
      adapters,
      costs: [
        ...spentBetween(before, this.steering.costs?.() ?? []),
        ...totalCost(contrasts.map((one) => one.cost())),
        ...(reflection
          ? [{ lever: 'reflection', ms: reflection.ms, count: 1, per: 'reply' as const }]
          : []),
      ],
      ...(reflection && { reflection }),
    };
  }

  /** Drafts on forks of the session, which share what was read. With contrast they are spoken one by one: one base, one reader. */
  async #sayTogether(
    asked: Asking,
    seeds: readonly number[],
    speaking: (asked: Asking, seed: number) => Promise<SpeakOptions>,
    signal?: AbortSignal,
  ): Promise<readonly Spoken[] | undefined> {
    const { sessions, open } = await this.#session.cache.usage();
    const isAlone = this.steering.contrast === undefined || this.steering.contrast === 1;
    if (!isAlone || open + seeds.length - 1 > sessions) return undefined;
    this.#applyAdapters(asked);
    await this.#evaluate(asked.tokens, signal);
    const forks: Session[] = [];
    try {
      const parts: SpeakingPart[] = [];
      for (const [i, seed] of seeds.entries()) {
        const session = i === 0 ? this.#session : await this.#session.fork();
        if (i > 0) forks.push(session);
        parts.push({ session, prompt: asked.tokens, options: await speaking(asked, seed) });
      }
      return await spoken(speakTogether(parts, signal));
    } finally {
      for (const fork of forks) fork[Symbol.dispose]();
    }
  }

  async #contrast(
    prompt: Pick<ScenePrompt, 'tokens' | 'dropped'>,
    turns: readonly Turn[],
  ): Promise<Contrast | undefined> {
    const alpha = this.steering.contrast;
    if (alpha === undefined || alpha === 1) return undefined;
    return this.#contrastBase.contrast(alpha, prompt, turns, {
      session: this.#session,
      isAdapted: this.adapters.length > 0,
    });
  }

  #reviewDrafts(
    asked: Pick<Asked, 'plan' | 'build' | 'say' | 'sayTogether' | 'seed' | 'signal'>,
    turns: readonly Turn[],
  ) {
    const { play, character, persona, at } = this;
    this.#draftReview ??= new DraftReview({ play, shown: this.#shown(), character });
    const heard = turns.filter(({ speaker }) => speaker !== character.name).map(({ text }) => text);
    const told = [persona.description, ...persona.relations, persona.situation(at), ...heard];
    return this.#draftReview.reflect({
      ...asked,
      session: this.#session,
      write: (text) => this.#model.tokenize(this.form === 'script' ? ` ${text}` : text),
      context: { question: heard.at(-1) ?? '', told: told.join('\n'), at },
    });
  }

  /** Makes ready what every answer begins with, so that the first one comes no later than the others. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#selectAdapters();
    await this.#prime(this.#render([], this.window), signal);
  }

  #render(
    turns: readonly Turn[],
    budgetTokens?: number,
    recalled: readonly Recalled[] = [],
    note?: string,
  ): ScenePrompt {
    const { form, persona, at } = this;
    const scene = { form, persona, at, recalled, turns, speaker: persona.name, note };
    return scenePrompt(this.#model, scene, budgetTokens);
  }

  async #selectAdapters(): Promise<AdaptersEvent> {
    const selection = await this.#adapterSource.current();
    const isNew = selection !== this.#selection;
    if (isNew) await this.#changeAdapters(selection);
    else this.#applyAdapters({ turnFrom: undefined });
    return { kind: 'adapters', adapters: this.adapters, isNew, remark: this.remark };
  }

  /** What is made for own turns alone acts from there on. */
  #applyAdapters({ turnFrom }: { readonly turnFrom: number | undefined }): void {
    const { adapters } = this.#selection;
    if (adapters.some(isForTurns)) applyForTurn(this.#session, adapters, turnFrom);
  }

  /**
   * Changes the active adapters. That empties the timeline, unless both selections are for own turns alone: what was read
   * is then the same to both. A selection that was active before brings back its own timeline.
   */
  async #changeAdapters(selection: AdapterSelection): Promise<void> {
    applyForTurn(this.#session, this.#selection.adapters, undefined);
    const key = this.#session.adapterKey;
    await this.#parked.leave(this.#session, this.#prefix);
    applyForTurn(this.#session, selection.adapters, undefined);
    this.#selection = selection;
    if (this.#session.adapterKey === key) return;
    this.#prefix = '';
    this.#prefix = (await this.#parked.resume(this.#session)) ?? '';
  }

  async #recall(turns: readonly Turn[], signal?: AbortSignal): Promise<readonly Recalled[]> {
    if (!this.#memory) return [];
    const { character, at } = this;
    return recallForTurn(this.#memory, { turns, speaker: character.name, at }, signal);
  }

  /** Makes the session begin with the prompt's prefix, unless it does already. */
  async #prime({ tokens, prefixLength }: ScenePrompt, signal?: AbortSignal): Promise<void> {
    const prefix = tokens.slice(0, prefixLength);
    const name = `${prefix}`;
    if (prefixLength === 0 || name === this.#prefix) return;
    await primeWithPrefix(this.#session, prefix, this.#stateFolder, signal);
    this.#prefix = name;
  }

  /**
   * Evaluates all of a prompt but its last token, which `generate` does: this way it is known how many
   * were reused.
   */
  async #evaluate(tokens: Int32Array, signal?: AbortSignal): Promise<number> {
    if (tokens.length < 2) return 0;
    const { reused } = await this.#session.prefill(tokens.subarray(0, -1), signal);
    return reused;
  }

  /** What the character has said before, so that the repetition penalties see it. */
  #history(turns: readonly Turn[]): Int32Array {
    const { name } = this.character;
    const said = turns.filter(({ speaker }) => speaker === name).map(({ text }) => text);
    return said.length === 0 ? new Int32Array() : this.#model.tokenize(said.join('\n'));
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    this.#parked[Symbol.dispose]();
    this.#contrastBase[Symbol.dispose]();
    this.#session[Symbol.dispose]();
  }
}
