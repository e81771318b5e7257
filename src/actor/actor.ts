import type { Session } from '../engine/session/session.ts';
import { answerSources } from '../memory/answer-sources.ts';
import type { Recollection } from '../memory/recalled.ts';
import type { CastMember, Place, Play } from '../play/play.ts';
import { formFor } from '../prompt/form.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import type { Form, Persona, Turn } from '../prompt/prompt.ts';
import { spentBetween } from '../steer/lever-costs.ts';
import type { Steering } from '../steer/steering.ts';
import type { ActorOptions } from './actor-options.ts';
import {
  type AdapterName,
  type AdapterSelection,
  type AdapterSource,
  always,
  namesOf,
} from './adapter-source.ts';
import { ContrastBase } from './contrast-base.ts';
import { openSession } from './open-session.ts';
import {
  type AdaptersEvent,
  numbersOf,
  type ReplyEvent,
  type ReplyOptions,
  reflectionCost,
  type Said,
} from './reply.ts';
import { DraftReview } from './review/draft-review.ts';
import { Voice } from './voice.ts';
import type { DraftRequest, VoiceContext, VoiceDrawing, VoicePrompt } from './voice-options.ts';
import { WarmTimeline } from './warm-timeline.ts';

/** A character that can talk: a voice whose adapters may change between replies, on a timeline that is kept warm. */
export class Actor implements Disposable {
  readonly play: Play;
  readonly character: CastMember;
  readonly persona: Persona;
  readonly form: Form;
  readonly steering: Steering;
  /** Renders, speaks and scores as the character: what a stage of several actors in one cache draws together. */
  readonly voice: Voice;
  /** May be changed between replies. */
  at: Place | undefined;
  readonly #session: Session;
  readonly #source: AdapterSource;
  #selection: AdapterSelection;
  readonly #timeline: WarmTimeline;
  readonly #base: ContrastBase;
  readonly #shown: () => Play;
  readonly #memory: ActorOptions['memory'];
  #review: DraftReview | undefined;

  private constructor(
    options: ActorOptions,
    session: Session,
    source: AdapterSource,
    selection: AdapterSelection,
  ) {
    const { play, character, model, memory, steering } = options;
    this.play = play;
    this.character = character;
    this.persona = personaOf(play, character, options.template);
    this.form = options.form ?? formFor(model);
    this.steering = steering;
    this.at = options.at;
    this.#session = session;
    this.#source = source;
    this.#selection = selection;
    this.#timeline = new WarmTimeline(session, options.stateFolder);
    this.#base = new ContrastBase(session);
    this.#memory = memory;
    this.#shown = options.shown ?? (() => play);
    this.voice = new Voice({
      session,
      form: this.form,
      speaker: character.name,
      persona: this.persona,
      memory,
      steering,
      adapters: selection.adapters,
      policy: 'warm',
      base: () => this.#base.session(),
    });
    this.voice.applyAdapters();
  }

  /** @throws {DramatisError} MEMORY_SHORT, WINDOW_EXCEEDED, and what the adapter source throws. */
  static async open(options: ActorOptions): Promise<Actor> {
    const { adapters = [], adapterSource = always(adapters) } = options;
    const selection = await adapterSource.current();
    return new Actor(options, await openSession(options), adapterSource, selection);
  }

  /** The adapters of the last reply, or those it was opened with. */
  get adapters(): readonly AdapterName[] {
    return namesOf(this.#selection.adapters);
  }

  /** A sentence about them for the reader: see `AdapterSelection`. */
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
    if (turns.length === 0) throw new RangeError('no turns were given; at least one is wanted');
    const start = performance.now();
    const speaker = this.character.name;
    const { voice } = this;
    const room = Math.min(maxTokens, Math.floor(this.window / 2));
    const asked = { turns, at: this.at, isAsked: true };
    const bare = voice.render(asked, room); // what does not fit is refused before anything is shown
    yield await this.#selectAdapters();
    const { adapters } = this;
    const { items, knowing } = await this.#primeAndRecall(asked, bare, signal);
    yield { kind: 'recalled', speaker, items, knowing };

    const context = { ...asked, recalled: items, knowing };
    const prompt = voice.render(context, room);
    voice.applyAdapters(prompt);
    const reusedTokens = await this.#timeline.read(prompt, signal);
    const before = voice.costs();
    const drawing = { seed, sampling, maxTokens, history: this.history(turns) };
    const { said, ...drawn } = yield* this.steering.reflection
      ? this.#draft({ context, prompt, room, drawing }, signal)
      : this.#speak(prompt, drawing, signal);
    const { reflection } = drawn;
    // What is chosen from drafts is shown when it is chosen.
    const firstAt = reflection ? performance.now() : said.firstAt;
    yield {
      kind: 'done',
      speaker,
      reply: said.text,
      ...numbersOf(said),
      promptTokens: prompt.tokens.length,
      reusedTokens,
      droppedTurns: prompt.dropped,
      firstTokenMs: firstAt - start,
      firstTokenSinceStartMs: firstAt,
      recalled: items,
      sources: answerSources(said.text, {
        question: turns.at(-1)!.text,
        recalled: items,
        play: this.play,
        character: speaker,
      }),
      knowing,
      seed: drawn.seed,
      stop: said.stop,
      adapters,
      costs: [...spentBetween(before, voice.costs()), ...reflectionCost(reflection)],
      ...(reflection && { reflection }),
    };
  }

  /** Makes ready what every answer begins with, so that the first one comes no later than the others. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#selectAdapters();
    await this.#timeline.prime(
      this.voice.render({ turns: [], at: this.at, isAsked: true }),
      signal,
    );
  }

  /**
   * What is recalled for an answer, while its persona is read: after this comes `read`, with what was recalled in the prompt.
   *
   * @param prompt What is asked, with nothing recalled.
   */
  async recall(
    asked: VoiceContext,
    prompt: VoicePrompt,
    signal?: AbortSignal,
  ): Promise<Recollection> {
    await this.#selectAdapters();
    return this.#primeAndRecall(asked, prompt, signal);
  }

  /**
   * Reads a prompt that the voice is to speak after, from its persona on: what is there already is not read again.
   *
   * @returns How many tokens were there.
   */
  async read(prompt: VoicePrompt, signal?: AbortSignal): Promise<number> {
    await this.#timeline.prime(prompt, signal);
    this.voice.applyAdapters(prompt);
    return this.#timeline.read(prompt, signal);
  }

  /**
   * Reads of a scene what its next prompts will begin with, so far as it fills steps of the engine: there is less to read
   * when the turn comes, and no word comes out otherwise.
   *
   * @param context Lines that more lines follow, with nothing recalled.
   */
  async hear(context: VoiceContext, room: number, signal?: AbortSignal): Promise<void> {
    const prompt = this.voice.render(context, room);
    await this.#timeline.prime(prompt, signal);
    this.voice.applyAdapters();
    await this.#session.readAhead(prompt.tokens.subarray(0, prompt.turnFrom), signal);
  }

  async *#speak(
    prompt: VoicePrompt,
    drawing: VoiceDrawing,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyEvent, Said, undefined> {
    const speaker = this.character.name;
    const pieces = this.voice.speak(prompt, drawing, signal);
    let step = await pieces.next();
    for (; !step.done; step = await pieces.next())
      yield { kind: 'text', speaker, text: step.value };
    return { said: step.value, seed: drawing.seed };
  }

  async *#draft(
    request: Omit<DraftRequest, 'review' | 'reviewContext'>,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyEvent, Said, undefined> {
    const { play, character, persona, at } = this;
    const speaker = character.name;
    const memory = this.#memory;
    this.#review ??= new DraftReview({ play, shown: this.#shown(), character, memory });
    const { turns } = request.context;
    const heard = turns.filter((turn) => turn.speaker !== speaker).map(({ text }) => text);
    const told = [persona.description, ...persona.relations, persona.situation(at), ...heard];
    const reviewContext = { question: heard.at(-1) ?? '', told: told.join('\n'), at };
    const asked = { ...request, review: this.#review, reviewContext };
    const { draft, record } = await this.voice.draft(asked, signal);
    if (draft.text !== '') yield { kind: 'text', speaker, text: draft.text };
    return { said: draft, seed: draft.seed, reflection: record };
  }

  async #selectAdapters(): Promise<AdaptersEvent> {
    const selection = await this.#source.current();
    const isNew = selection !== this.#selection;
    if (isNew) await this.#timeline.change(this.#selection.adapters, selection.adapters);
    this.#selection = selection;
    this.voice.adapters = selection.adapters;
    this.voice.applyAdapters();
    const { adapters, remark } = this;
    return { kind: 'adapters', speaker: this.character.name, adapters, isNew, remark };
  }

  /** The persona's state is read while the memory is searched. */
  async #primeAndRecall(
    context: VoiceContext,
    prompt: VoicePrompt,
    signal?: AbortSignal,
  ): Promise<Recollection> {
    const priming = this.#timeline.prime(prompt, signal);
    const recalling = this.voice.recall(context, signal);
    await Promise.allSettled([priming, recalling]); // neither may still be at it when the other fails
    await priming;
    return recalling;
  }

  /** What the character has said before, so that the repetition penalties see it. */
  history(turns: readonly Turn[]): Int32Array {
    const { name } = this.character;
    const said = turns.filter(({ speaker }) => speaker === name).map(({ text }) => text);
    return said.length === 0 ? new Int32Array() : this.#session.model.tokenize(said.join('\n'));
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    this.#timeline[Symbol.dispose]();
    this.#base[Symbol.dispose]();
    this.#session[Symbol.dispose]();
  }
}
