import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Recorded } from '../../../stage/events.ts';
import { advanceAll, emptyState, type StageState } from '../../../stage/state.ts';
import type { Command, DraftNews, EventPage } from '../wire.ts';
import { ApiFailure, ask } from './http.ts';
import type { OriginStream, SceneNews, StreamStanding } from './origin-stream.ts';

/** Events of a page, at most. */
const pageEvents = 5_000;

/**
 * A scene as it goes on: the events that the journal has, the state that they come to, and the words of the turn that is
 * spoken. Whatever the stream repeats does no harm; what it lacks is read from the journal.
 */
export class LiveScene {
  readonly id: string;
  /** Every event, by number from 1 on without a gap. */
  readonly records: Recorded[] = [];
  readonly state = signal<StageState>(emptyState);
  /** Who speaks now; undefined between turns. */
  readonly speaker = signal<string | undefined>(undefined);
  /** Provisional words of the turn that is spoken. */
  readonly words = signal('');
  readonly standing = signal<StreamStanding>('connecting');
  readonly isRead = signal(false);
  /** Whether it goes on by itself. */
  readonly isRunning = signal(false);
  readonly failure = signal<ApiFailure | undefined>(undefined);
  /** Tokens a second of the turn that is spoken, else of the last one. */
  readonly speed = signal<number | undefined>(undefined);
  readonly canTakeCommands: ReadonlySignal<boolean>;
  readonly #stream: OriginStream;
  readonly #close = new AbortController();
  #stopWatching: (() => void) | undefined;
  #reading: Promise<void> | undefined;
  /** Words that came since the last frame. */
  #pending: string | undefined;
  #hasFrame = false;
  #tokens = 0;
  #startedAt = 0;

  constructor(id: string, stream: OriginStream) {
    this.id = id;
    this.#stream = stream;
    this.canTakeCommands = computed(() => this.isRead.value && this.standing.value !== 'lost');
    this.#open().catch(() => {});
  }

  [Symbol.dispose](): void {
    this.#close.abort();
    this.#stopWatching?.();
  }

  /** Asks for something to be done, on the scene as it is seen here. */
  async command(command: Command): Promise<void> {
    await ask(`/api/conversations/${this.id}/commands`, { method: 'POST', body: command });
  }

  /** Number of the last event that is here. */
  get n(): number {
    return this.records.at(-1)?.n ?? 0;
  }

  async #open(): Promise<void> {
    await this.#read();
    if (this.failure.value || this.#close.signal.aborted) return;
    this.isRead.value = true;
    this.#stopWatching = this.#stream.watch(this.id, {
      after: () => this.n,
      take: (news) => this.#take(news),
      stand: (standing) => {
        this.standing.value = standing;
      },
      going: (isGoingOn) => {
        this.isRunning.value = isGoingOn;
      },
    });
  }

  /** Reads what the journal has after the last event that is here. */
  #read(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      for (;;) {
        const page = await ask<EventPage>(
          `/api/conversations/${this.id}/events?after=${this.n}&limit=${pageEvents}`,
          { signal: this.#close.signal },
        );
        this.#append(page.events);
        this.isRunning.value = page.running;
        this.failure.value = undefined;
        if (this.n >= page.n || page.events.length === 0) return;
      }
    } catch (error) {
      if (error instanceof ApiFailure) this.failure.value = error;
      else if (!this.#close.signal.aborted) throw error;
    }
  }

  #append(events: readonly Recorded[]): void {
    const { n } = this;
    const later = events.filter((event) => event.n > n);
    for (const event of later) this.records.push(event);
    this.state.value = advanceAll(this.state.peek(), later);
  }

  #take(news: SceneNews): void {
    switch (news.kind) {
      case 'event':
        this.#takeEvent(news.event);
        return;
      case 'token': {
        const { at, text } = news.token;
        const words = this.#pending ?? this.words.peek();
        if (at > words.length)
          this.#stream.renew(); // something is missing: a draft comes
        else {
          this.#say(news.token, words.slice(0, at) + text);
          this.#count();
        }
        return;
      }
      case 'draft':
        this.#say(news.draft, news.draft.text);
        return;
      case 'resync':
        this.records.length = 0;
        this.state.value = emptyState;
        this.#read().catch(() => {});
    }
  }

  #takeEvent(event: Recorded): void {
    if (event.n <= this.n) return;
    if (event.n > this.n + 1) {
      this.#read().catch(() => {});
      return;
    }
    batch(() => {
      this.#append([event]);
      if (event.kind === 'next') this.#begin();
      if (event.kind === 'turn') {
        this.#settle(event);
      } else if (event.kind === 'struck') this.#replace('');
      else if (event.kind === 'pause' || event.kind === 'end') this.#rest();
      else if (event.kind === 'ask') this.speaker.value = undefined;
    });
  }

  #begin(): void {
    this.#tokens = 0;
    this.#replace('');
  }

  #settle({ ms, tokens }: Recorded & { readonly kind: 'turn' }): void {
    this.speaker.value = undefined;
    this.#replace('');
    if (ms && tokens && tokens.length > 1 && ms.all > ms.first)
      this.speed.value = ((tokens.length - 1) * 1000) / (ms.all - ms.first);
  }

  #rest(): void {
    this.speaker.value = undefined;
    this.#replace('');
  }

  #say({ who }: Pick<DraftNews, 'who'>, words: string): void {
    this.speaker.value = who ?? this.state.peek().choice?.chosen ?? this.speaker.peek();
    this.#pending = words;
    if (document.visibilityState === 'hidden')
      this.#show(); // there are no frames
    else this.#showSoon();
  }

  #showSoon(): void {
    if (this.#hasFrame) return;
    this.#hasFrame = true;
    requestAnimationFrame(() => {
      this.#hasFrame = false;
      this.#show();
    });
  }

  #show(): void {
    if (this.#pending !== undefined) this.words.value = this.#pending;
    this.#pending = undefined;
  }

  #replace(words: string): void {
    this.#pending = undefined;
    this.words.value = words;
  }

  #count(): void {
    const now = performance.now();
    if (this.#tokens++ === 0) this.#startedAt = now;
    const seconds = (now - this.#startedAt) / 1000;
    if (this.#tokens > 5 && this.#tokens % 5 === 0 && seconds > 0.2)
      this.speed.value = (this.#tokens - 1) / seconds;
  }
}
