import type { Recorded, StageEvent } from '../stage/events.ts';
import { advance, emptyState, type StageState } from '../stage/state.ts';
import type { Transcript, TranscriptReader } from '../stage/transcript.ts';
import { isHeardBy } from '../stage/view.ts';
import type { SceneDraft } from './open-scene.ts';
import { publicEvent } from './public-event.ts';
import type { RunningScenes } from './running-scenes.ts';

/** What has come of a scene since its reader last asked. */
export type SceneNews =
  | { readonly kind: 'event'; readonly event: Recorded }
  /** Words of the turn that is being spoken, from character `at` on. */
  | ({ readonly kind: 'token'; readonly at: number } & SceneDraft)
  /** All words of that turn so far. */
  | ({ readonly kind: 'draft' } & SceneDraft)
  /** The reader has more than there is: it must begin anew. */
  | { readonly kind: 'resync' };

export interface FeedOptions {
  /** Number of the last event that the reader has. */
  readonly after?: number | undefined;
  /** Cast name: only what this one hears and sees. */
  readonly as?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
}

/** How often a scene that another process may play is looked at. */
const lookMs = 250;

/**
 * What happens in a scene, for one reader who asks for it at their own pace: events from the transcript, which nobody else's
 * reading takes away, and the words that are being spoken where this process plays it. Nothing is kept for the reader.
 */
export class SceneFeed {
  readonly id: string;
  readonly #scenes: RunningScenes;
  readonly #reader: TranscriptReader;
  readonly #options: FeedOptions;
  /** Followed only where it matters who is on stage. */
  #state: StageState = emptyState;
  #hasEnded = false;
  /** Number of the last event that was read. */
  #n = 0;
  #after: number;
  #mayHaveMore = true;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Turn and length of the words that the reader has. */
  #words: { readonly turn: number; readonly length: number } | undefined;

  constructor(
    id: string,
    { transcript, scenes }: { readonly transcript: Transcript; readonly scenes: RunningScenes },
    options: FeedOptions = {},
  ) {
    this.id = id;
    this.#scenes = scenes;
    this.#options = options;
    this.#after = options.after ?? 0;
    this.#reader = transcript.reader();
  }

  /** Number of the last event that was read. */
  get n(): number {
    return this.#n;
  }

  /** Whether nothing more comes unless somebody starts the scene again. */
  get isOver(): boolean {
    return this.#hasEnded && !this.#mayHaveMore && !this.#scenes.goingOn.includes(this.id);
  }

  /**
   * What there is now.
   *
   * @param isSlow Whether the reader lags behind: it is given the words of a turn whole, and fewer times.
   * @throws {DramatisError} What reading the transcript throws.
   */
  async next(isSlow = false): Promise<readonly SceneNews[]> {
    const events = this.#isDue() ? await this.#read() : [];
    const words = this.#spoken(isSlow);
    return words ? [...events, words] : events;
  }

  #isDue(): boolean {
    if (this.#mayHaveMore) return true;
    const head = this.#scenes.head(this.id);
    if (head !== undefined) return head > this.#n;
    return performance.now() - this.#lookedAt >= lookMs;
  }

  /** A part of the transcript; who is far behind is given it part by part. */
  async #read(): Promise<readonly SceneNews[]> {
    this.#lookedAt = performance.now();
    const part = await this.#reader.next();
    this.#mayHaveMore = part.length > 0;
    const news: SceneNews[] = [];
    for (const event of part)
      if (this.#take(event)) news.push({ kind: 'event', event: publicEvent(event) });
    if (this.#mayHaveMore || this.#after <= this.#n) return news;
    this.#after = 0;
    return [{ kind: 'resync' }];
  }

  #take(event: Recorded): boolean {
    const { as, kinds } = this.#options;
    const isHeard = as === undefined || isHeardBy(as, event, this.#state);
    if (as !== undefined) this.#state = advance(this.#state, event);
    if (event.kind === 'end') this.#hasEnded = true;
    else if (event.kind === 'resume' || event.kind === 'undo') this.#hasEnded = false;
    this.#n = event.n;
    return isHeard && event.n > this.#after && (!kinds || kinds.includes(event.kind));
  }

  #spoken(isSlow: boolean): SceneNews | undefined {
    const draft = this.#scenes.draft(this.id);
    if (!draft || draft.turn !== this.#n + 1 || !this.#hears(draft)) return undefined;
    const had = this.#words?.turn === draft.turn ? this.#words.length : 0;
    const isWhole = isSlow || this.#words === undefined || had > draft.text.length;
    this.#words = { turn: draft.turn, length: draft.text.length };
    if (had === draft.text.length) return undefined;
    if (isWhole) return { kind: 'draft', ...draft };
    return { kind: 'token', ...draft, at: had, text: draft.text.slice(had) };
  }

  #hears({ who }: SceneDraft): boolean {
    const { as, kinds } = this.#options;
    const isWanted = !kinds || kinds.includes('turn' satisfies StageEvent['kind']);
    return isWanted && (as === undefined || as === who || this.#state.onStage.includes(as));
  }
}
