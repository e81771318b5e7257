import type { Recorded } from '../stage/events.ts';
import { goOn } from '../stage/go-on.ts';
import type { Stage, StageNews } from '../stage/stage.ts';
import type { OpenedStage } from './open-stage.ts';
import type { SlotLease } from './slots.ts';

/** Words of a turn while it is spoken. */
export interface SceneDraft {
  /** Number of the event that comes next: the turn's, unless a guard strikes the words. */
  readonly turn: number;
  readonly who: string;
  readonly text: string;
}

/** Whoever wants to know what becomes of a scene. */
export interface SceneObserver {
  /** Something has changed: an event, a word, who plays. */
  changed(): void;
  /** An event is in the transcript. */
  happened?: ((event: Recorded) => void) | undefined;
}

/**
 * A scene that this process has opened: takes its turns, one after the other, and lets others do something to it in between.
 * What is being said is kept here until it is in the transcript.
 */
export class OpenScene {
  readonly id: string;
  draft: SceneDraft | undefined;
  /** Whether it is to go on by itself as soon as nothing keeps it from it. */
  goesOn = false;
  readonly #observer: SceneObserver;
  /** Set while its turns are taken, and aborted to stop that. */
  #playing: AbortController | undefined;
  #opened: OpenedStage | undefined;
  #slots: SlotLease | undefined;
  #idle: Disposable | undefined;
  /** What is done to it, one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  /** Pending until others may own what is not played here any more. */
  #lettingGo: Promise<void> = Promise.resolve();

  constructor(id: string, observer: SceneObserver) {
    this.id = id;
    this.#observer = observer;
  }

  /** Whether turns are taken at this moment. */
  get isPlaying(): boolean {
    return this.#playing !== undefined;
  }

  /** The scene with everybody who speaks in it, if it is open. */
  get opened(): OpenedStage | undefined {
    return this.#opened;
  }

  /** Runs one task at a time, in the order asked. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Keeps what was opened, on slots that are given back when it is closed. */
  hold(opened: OpenedStage, slots: SlotLease): void {
    this.#opened = opened;
    this.#slots = slots;
  }

  /**
   * The scene as it was left here, owned by this process again; undefined if it is not open, or another process has gone on
   * with it since and it must be opened anew.
   *
   * @throws {DramatisError} LOCKED while another process plays it.
   */
  async takeUp(): Promise<OpenedStage | undefined> {
    this.#idle?.[Symbol.dispose]();
    this.#idle = undefined;
    await this.#lettingGo;
    const opened = this.#opened;
    if (!opened) return undefined;
    const { transcript, state } = opened.stage;
    if (transcript.isOwned) return opened;
    await transcript.own();
    const { records } = await transcript.read();
    if (records.at(-1)?.n === state.n) return opened;
    await this.close();
    return undefined;
  }

  /** Lets others play it, and have its slots, until it is taken up again. */
  rest(): void {
    this.#idle?.[Symbol.dispose]();
    this.#idle = this.#slots?.offer(() => void this.close());
    void this.#letGo(this.#opened?.stage.transcript.release());
  }

  /** Stops the turn that is being taken within one step of the engine. */
  stop(): void {
    this.#playing?.abort();
  }

  /** Gives back at once what it takes of the engine; it resolves when another process may own the scene. */
  close(): Promise<void> {
    this.#idle?.[Symbol.dispose]();
    // Closing frees everything before it first waits.
    const closing = this.#opened?.[Symbol.asyncDispose]();
    this.#slots?.[Symbol.dispose]();
    this.#idle = undefined;
    this.#opened = undefined;
    this.#slots = undefined;
    return this.#letGo(closing);
  }

  #letGo(going: PromiseLike<void> | undefined): Promise<void> {
    this.#lettingGo = Promise.all([this.#lettingGo, going]).then(() => {});
    return this.#lettingGo;
  }

  /** Takes turn after turn until the scene rests, or is stopped; what others want of it is done in between. */
  async play(stage: Stage): Promise<void> {
    if (this.#playing) return;
    const playing = new AbortController();
    this.#playing = playing;
    const { signal } = playing;
    const turn = async (): Promise<boolean> => {
      if (signal.aborted || stage.rests) return false;
      await this.show(stage, stage.step(signal));
      return !stage.rests;
    };
    try {
      while (await this.inTurn(turn));
    } finally {
      this.#playing = undefined;
      this.draft = undefined;
      if (!signal.aborted && stage.state.asked === undefined) this.goesOn = false;
    }
  }

  /** One turn, after which the scene stands still as before. */
  async step(stage: Stage): Promise<void> {
    await goOn(stage);
    const playing = new AbortController();
    this.#playing = playing;
    try {
      await this.show(stage, stage.step(playing.signal));
      if (!stage.rests) await stage.pause();
    } finally {
      this.#playing = undefined;
      this.draft = undefined;
    }
  }

  /** Takes in what happens, and what is being said. */
  async show(stage: Stage, news: AsyncIterable<StageNews>): Promise<void> {
    for await (const one of news) {
      if (one.kind === 'event') {
        this.draft = undefined;
        this.#observer.happened?.(one.event);
      } else {
        const before = this.draft?.text ?? '';
        this.draft = { turn: stage.state.n + 1, who: one.who, text: before + one.text };
      }
      this.#observer.changed();
    }
  }
}
