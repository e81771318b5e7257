import { DramatisError } from '../errors.ts';
import type { Play } from '../play/play.ts';
import { carriedOut } from './carry-out.ts';
import { type DetectorTools, detect } from './detectors/detect.ts';
import { lookBack } from './detectors/detector.ts';
import { inForce } from './detectors/in-force.ts';
import { vectorsOf } from './detectors/turn-vectors.ts';
import type { Choice, Director } from './director.ts';
import { directorContext, policySet } from './director-context.ts';
import type { EndEvent, EndReason, NextEvent, Policy, Recorded, StageEvent } from './events.ts';
import { limitOf, limitReached, longestTurn, secondsOf } from './limits.ts';
import { listen } from './listen.ts';
import type { Performer } from './performer.ts';
import { advance, type StageState, stateOf } from './state.ts';
import { takeTurn } from './take-turn.ts';
import type { Transcript } from './transcript.ts';
import { audience } from './view.ts';

/** What happens on a stage, in order; words are provisional until the event of their turn. */
export type StageNews =
  | { readonly kind: 'event'; readonly event: Recorded }
  | { readonly kind: 'text'; readonly who: string; readonly text: string };

export interface StageOptions {
  /** A scene that is open; everything that happens is appended. */
  readonly transcript: Transcript;
  readonly play: Play;
  /** By cast name: those whom the model speaks. */
  readonly performers: ReadonlyMap<string, Performer>;
  readonly director: Director;
  /** Words of those whose lines are there already, by cast name, in order. */
  readonly scripted?: ReadonlyMap<string, readonly string[]> | undefined;
  /** What detectors need beside the events: see `DetectorTools`. */
  readonly tools?: Omit<DetectorTools, 'vectorOf' | 'directions'> | undefined;
  /** The vector of words, for what is found by meaning; without it turns that mean the same are not noticed. */
  readonly embed?: ((text: string) => Promise<Float32Array>) | undefined;
}

/** Words of a person who takes part. */
export interface SaidByHuman {
  readonly text: string;
  readonly to?: string | undefined;
  /** Heard by nobody else. */
  readonly isAside?: boolean | undefined;
}

/**
 * Several characters who talk among themselves in one scene: a director picks who speaks, everybody speaks from what they
 * heard, guards and detectors watch, and everything that happens is an event of the transcript before it is told.
 */
export class Stage {
  readonly transcript: Transcript;
  readonly #options: StageOptions;
  #state: StageState;
  /** Whom a person wants to speak next. */
  #named: string | undefined;
  /** By the words of a turn: of those that detectors look back over. */
  readonly #vectors = new Map<string, Float32Array>();

  private constructor(options: StageOptions, state: StageState) {
    this.#options = options;
    this.transcript = options.transcript;
    this.#state = state;
  }

  /** @throws {DramatisError} What reading the transcript throws. */
  static async open(options: StageOptions): Promise<Stage> {
    const { records } = await options.transcript.read();
    return new Stage(options, stateOf(records));
  }

  get state(): StageState {
    return this.#state;
  }

  /** Whether nothing happens until somebody does something: it is paused, has ended, or waits for a person. */
  get rests(): boolean {
    const { end, isPaused, asked } = this.#state;
    return end !== undefined || isPaused || asked !== undefined;
  }

  /**
   * Plays on until the scene ends, is paused, or waits for a person: `step` after `step`.
   *
   * @throws {DramatisError} What `step` throws.
   */
  async *run(signal?: AbortSignal): AsyncGenerator<StageNews> {
    while (!this.rests) yield* this.step(signal);
  }

  /**
   * One turn: who comes on, who speaks, their words, and what detectors say of it. Where a person is waited for it lets their
   * turn pass.
   *
   * Aborting the signal stops it within one step of the engine: what was said of a turn until then is kept as `cut`, and the
   * scene is paused. Leaving the loop stops it, too, and drops the words of a turn that is not over.
   *
   * @throws {DramatisError} STORE_UNWRITABLE if an event could not be kept: the scene is then as it was before it. Anything
   *   else that goes wrong is an event of the scene, which is paused, and is thrown.
   */
  async *step(signal?: AbortSignal): AsyncGenerator<StageNews> {
    try {
      yield* this.#turn(signal);
    } catch (error) {
      if (!signal?.aborted) {
        yield* this.#broken(error);
        throw error;
      }
    }
    const { isPaused, end } = this.#state;
    if (signal?.aborted && !isPaused && !end)
      yield await this.#tell({ kind: 'pause', by: 'human' });
  }

  async *#turn(signal?: AbortSignal): AsyncGenerator<StageNews> {
    yield* this.#enterWhoIsDue();
    const limit = limitReached(this.#state);
    if (limit) {
      yield await this.end(limit);
      return;
    }
    for (;;) {
      const choice = await this.#choose(signal);
      if (choice.kind === 'end') {
        yield await this.end(choice.reason, choice.detail);
        return;
      }
      if (choice.kind === 'wait') {
        yield await this.#tell({ kind: 'pause', by: 'director', detail: 'nobody is named' });
        return;
      }
      yield await this.#tell(choice);
      this.#named = undefined;
      const before = this.#state.turns.length;
      yield* this.#speak(choice, signal);
      if (this.#state.asked !== undefined || signal?.aborted) return;
      yield* this.#watch();
      if (this.#state.turns.length > before && !this.rests)
        await listen(this.#state, this.#options.performers, signal);
      if (this.#state.turns.length > before || this.rests) return;
    }
  }

  /** Somebody says something, in person. Whoever is asked is answered for by it. */
  async *say(who: string, { text, to, isAside }: SaidByHuman): AsyncGenerator<StageNews> {
    this.#requireOnStage(who);
    const heard = isAside ? [who] : audience(this.#state, who);
    const said = { who, to, heard, text: text.trim() };
    yield await this.#tell({
      ...{ kind: 'turn', playedBy: 'human', ...said },
      ...(isAside && { isAside }),
    });
    yield* this.#watch();
  }

  /** A direction that all who are on stage see. */
  note(text: string): Promise<StageNews> {
    const heard = this.#state.onStage;
    return this.#tell({ kind: 'note', text, by: 'human', heard });
  }

  /** A word to one actor alone. */
  tell(to: string, text: string): Promise<StageNews> {
    return this.#tell({ kind: 'tell', to, text, by: 'human' });
  }

  enter(who: string): Promise<StageNews> {
    return this.#tell({ kind: 'enter', who: [who], by: 'human' });
  }

  exit(who: string): Promise<StageNews> {
    this.#requireOnStage(who);
    return this.#tell({ kind: 'exit', who: [who], by: 'human' });
  }

  /** Lets somebody speak next, whatever the policy. */
  callNext(who: string): void {
    this.#requireOnStage(who);
    this.#named = who;
  }

  /** Stops after what happens now; `resume` goes on. */
  pause(by: 'human' | 'director' = 'human'): Promise<StageNews> {
    return this.#tell({ kind: 'pause', by });
  }

  /** Goes on with a scene that was paused or has ended. */
  async resume(): Promise<StageNews | undefined> {
    const { isPaused, end } = this.#state;
    return isPaused || end ? this.#tell({ kind: 'resume', by: 'human' }) : undefined;
  }

  /** Other words in the place of those of turn `of`, the number of its event. */
  edit(of: number, text: string): Promise<StageNews> {
    if (!this.#state.turns.some(({ n }) => n === of))
      throw new DramatisError('USAGE', `event ${of} is no turn that counts`);
    return this.#tell({ kind: 'edit', of, text });
  }

  /** Takes back everything after event `to`. */
  undo(to: number): Promise<StageNews> {
    return this.#tell({ kind: 'undo', to });
  }

  end(reason: EndReason, detail?: string): Promise<StageNews> {
    const { shares: _, ...figures } = this.#state.figures;
    const event: EndEvent = { kind: 'end', reason, detail, figures };
    return this.#tell(event);
  }

  /** Moves a limit, so that there is room for so much more from now on. */
  allow(name: 'turns' | 'time', more: number): Promise<StageNews> {
    const from = limitOf(this.#state, name) ?? 'none';
    const now = name === 'turns' ? this.#state.figures.turns : secondsOf(this.#state);
    return this.#tell({ kind: 'lever', name, from, to: now + more, by: 'human' });
  }

  /** Lets another policy choose who speaks from now on; it must be one that the stage's director has all for. */
  async direct(policy: Policy): Promise<StageNews> {
    const from = policySet(this.#state) ?? this.#state.open?.director.policy ?? 'none';
    return this.#tell({ kind: 'lever', name: 'policy', from, to: policy, by: 'human' });
  }

  async *#enterWhoIsDue(): AsyncGenerator<StageNews> {
    const { open, counting, figures } = this.#state;
    const entered = new Set(counting.flatMap((event) => (event.kind === 'enter' ? event.who : [])));
    for (const { who, after, text } of open?.entrances ?? [])
      if (after <= figures.turns && !who.some((name) => entered.has(name)))
        yield await this.#tell({ kind: 'enter', who, by: 'situation', text });
  }

  /** Writes down what went wrong, unless it is that nothing can be written. */
  async *#broken(error: unknown): AsyncGenerator<StageNews> {
    const code = error instanceof DramatisError ? error.code : 'UNEXPECTED';
    if (code === 'STORE_UNWRITABLE' || code === 'LOCKED') return;
    const message = error instanceof Error ? error.message : String(error);
    yield await this.#tell({ kind: 'error', code, message });
    yield await this.#tell({ kind: 'pause', by: 'director', detail: message });
  }

  #choose(signal: AbortSignal | undefined): Promise<Choice> {
    const { resting, nudges } = inForce(this.#state);
    const context = directorContext(this.#state, { resting, nudges, named: this.#named });
    return this.#options.director.next(context, signal);
  }

  async *#speak({ chosen, to }: NextEvent, signal?: AbortSignal): AsyncGenerator<StageNews> {
    const { performers, scripted } = this.#options;
    const part = scripted?.get(chosen);
    const line = part?.[this.#state.figures.shares[chosen]?.turns ?? 0];
    if (part && line === undefined) {
      yield await this.end('script', `${chosen} has said all`);
      return;
    }
    if (line !== undefined) {
      const heard = audience(this.#state, chosen);
      yield await this.#tell({
        ...{ kind: 'turn', who: chosen, playedBy: 'script', to, heard, text: line },
      });
      return;
    }
    const performer = performers.get(chosen);
    if (!performer) {
      yield await this.#tell({ kind: 'ask', who: chosen });
      return;
    }
    const maxTokens = this.#state.open?.maxTokens ?? longestTurn;
    for await (const news of takeTurn(this.#state, performer, { to, maxTokens, signal }))
      yield news.kind === 'text' ? news : await this.#tell(news);
  }

  /** What detectors say of the last turn, and what is done about it. */
  async *#watch(): AsyncGenerator<StageNews> {
    for (const { event, action } of detect(this.#state, await this.#tools())) {
      yield await this.#tell(event);
      const done = carriedOut(action, this.#state);
      if (done?.kind === 'end') yield await this.end(done.reason, event.detail);
      else if (done) yield await this.#tell(done);
    }
  }

  async #tools(): Promise<DetectorTools> {
    const { tools, embed } = this.#options;
    const { open, turns } = this.#state;
    for (const { text } of embed ? turns.slice(-lookBack) : [])
      if (!this.#vectors.has(text)) this.#vectors.set(text, await embed!(text));
    return {
      ...tools,
      directions: open?.directions,
      ...(embed && { vectorOf: vectorsOf(this.#state, this.#vectors) }),
    };
  }

  async #tell(event: StageEvent): Promise<StageNews> {
    const recorded = await this.transcript.append(event);
    this.#state = advance(this.#state, recorded);
    return { kind: 'event', event: recorded };
  }

  #requireOnStage(who: string): void {
    if (this.#state.onStage.includes(who)) return;
    throw new DramatisError('NOT_ON_STAGE', `${who} is not on stage`);
  }
}
