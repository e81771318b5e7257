import type { Recorded } from '../../../stage/events.ts';
import type { DraftNews, TokenNews } from '../wire.ts';

/** What comes down the stream about one scene. */
export type SceneNews =
  | { readonly kind: 'event'; readonly event: Recorded }
  | { readonly kind: 'token'; readonly token: TokenNews }
  | { readonly kind: 'draft'; readonly draft: DraftNews }
  /** What was streamed so far may not hold: the scene is to be read anew. */
  | { readonly kind: 'resync' };

/** How the stream itself stands. */
export type StreamStanding = 'connecting' | 'live' | 'lost';

export interface Watcher {
  /** Number of the last event that is here: the stream goes on after it. */
  readonly after: () => number;
  readonly take: (news: SceneNews) => void;
  readonly stand: (standing: StreamStanding) => void;
  /** Whether the scene goes on by itself: it may be told when nothing has changed. */
  readonly going: (isGoingOn: boolean) => void;
}

/** What tabs say to one another. */
type Whisper =
  | { readonly kind: 'news'; readonly id: string; readonly news: SceneNews }
  | { readonly kind: 'standing'; readonly standing: StreamStanding }
  | { readonly kind: 'going'; readonly ids: readonly string[] }
  | { readonly kind: 'want'; readonly ids: Readonly<Record<string, number>>; readonly tab: string }
  | { readonly kind: 'who' };

/** Longest wait before the server is tried again, in milliseconds. */
const longestRetryMs = 5_000;

/**
 * The one stream of all tabs of this origin: browsers open six connections to a server, and a stream holds one as long as
 * it lasts. The tab that holds a lock reads it and tells the others; when that tab goes, another has the lock at once.
 */
export class OriginStream {
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #channel = new BroadcastChannel('dramatis');
  readonly #tab = crypto.randomUUID();
  /** What other tabs watch, by tab. */
  readonly #wanted = new Map<string, Readonly<Record<string, number>>>();
  /** Words of the turn that is spoken, by scene: for who comes in the middle of it. */
  readonly #drafts = new Map<string, DraftNews>();
  /** The last event of each scene that came: for a tab whose journal ended before it. */
  readonly #last = new Map<string, Recorded>();
  /** Scenes that were watched and are not there any more. */
  readonly #gone = new Set<string>();
  #isLeader = false;
  #source: EventSource | undefined;
  #watched = '';
  #standing: StreamStanding = 'connecting';
  /** Scenes that go on by themselves, watched or not; undefined until the server has said it. */
  #going: readonly string[] | undefined;
  #retry = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Whisper>) => this.#hear(data);
    addEventListener('pagehide', () => this.#whisper({ kind: 'want', ids: {}, tab: this.#tab }));
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.#changed();
    });
    this.#lead();
  }

  /** Follows a scene until the function that is returned is called. */
  watch(id: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
    watcher.stand(this.#standing);
    if (this.#going) watcher.going(this.#going.includes(id));
    this.#changed();
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(id);
      this.#changed();
    };
  }

  /** Reads the stream from where the watchers are: one of them has missed something. */
  renew(): void {
    this.#watched = '';
    this.#changed();
  }

  #lead(): void {
    const held = navigator.locks?.request('dramatis-stream', () => {
      this.#isLeader = true;
      this.#whisper({ kind: 'who' });
      this.#open();
      return new Promise<void>(() => {}); // held until this tab is gone
    });
    if (held) held.catch(() => {});
    else {
      // No locks outside of secure contexts: then every tab has a stream of its own.
      this.#isLeader = true;
      this.#open();
    }
  }

  /** Every scene that some tab watches, and the earliest event that one of them lacks. */
  #all(): Map<string, number> {
    const all = new Map<string, number>();
    const want = (id: string, after: number): void => {
      if (!this.#gone.has(id)) all.set(id, Math.min(after, all.get(id) ?? after));
    };
    for (const [id, after] of Object.entries(this.#own())) want(id, after);
    for (const ids of this.#wanted.values())
      for (const [id, after] of Object.entries(ids)) want(id, after);
    return all;
  }

  #own(): Record<string, number> {
    return Object.fromEntries(
      [...this.#watchers].map(([id, watchers]) => [
        id,
        Math.min(...[...watchers].map(({ after }) => after())),
      ]),
    );
  }

  #changed(): void {
    this.#whisper({ kind: 'want', ids: this.#own(), tab: this.#tab });
    if (this.#isLeader) this.#open();
  }

  #open(): void {
    const all = this.#all();
    const names = [...all.keys()].sort().join();
    if (names === this.#watched && this.#source) return;
    this.#close();
    this.#watched = names;
    if (all.size === 0) return;
    const query = [...all].map(([id, after]) => `watch=${encodeURIComponent(id)}:${after}`);
    const source = new EventSource(`/api/events?${query.join('&')}`);
    this.#source = source;
    source.onopen = () => {
      this.#retry = 0;
      this.#stand('live');
    };
    source.onerror = () => {
      // The browser tries again with what was asked at first; we know better how far we are.
      this.#close();
      this.#stand('lost');
      if (this.#retry > 0) this.#forgetGone().catch(() => {});
      this.#again(Math.min(longestRetryMs, 250 * 2 ** this.#retry++));
    };
    source.addEventListener('event', ({ data }) => {
      const { id, event } = JSON.parse(data) as { id: string; event: Recorded };
      this.#drafts.delete(id);
      this.#last.set(id, event);
      this.#tell(id, { kind: 'event', event });
    });
    source.addEventListener('token', ({ data }) => {
      const { id, ...token } = JSON.parse(data) as TokenNews & { id: string };
      const before = this.#drafts.get(id)?.text ?? '';
      this.#drafts.set(id, { ...token, text: before.slice(0, token.at) + token.text });
      this.#tell(id, { kind: 'token', token });
    });
    source.addEventListener('draft', ({ data }) => {
      const { id, ...draft } = JSON.parse(data) as DraftNews & { id: string };
      this.#drafts.set(id, draft);
      this.#tell(id, { kind: 'draft', draft });
    });
    source.addEventListener('state', ({ data }) => {
      const { goingOn } = JSON.parse(data) as { goingOn: readonly string[] };
      this.#go(goingOn);
      this.#whisper({ kind: 'going', ids: goingOn });
    });
    source.addEventListener('resync', ({ data }) => {
      const { id } = JSON.parse(data) as { id: string };
      this.#last.delete(id);
      this.#tell(id, { kind: 'resync' });
    });
    source.addEventListener('bye', ({ data }) => {
      const { retryMs = 500 } = JSON.parse(data || '{}') as { retryMs?: number };
      this.#close();
      this.#stand('lost');
      this.#again(retryMs);
    });
  }

  /** Asks for no scene any more that is not there: one that was thrown away must not keep the others from their stream. */
  async #forgetGone(): Promise<void> {
    for (const id of this.#all().keys()) {
      const { status } = await fetch(`/api/conversations/${encodeURIComponent(id)}`);
      if (status === 404) this.#gone.add(id);
    }
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), ms);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  /** Gives news to who watches here, and in other tabs where one does: a message to nobody costs as much as a word on screen. */
  #tell(id: string, news: SceneNews): void {
    this.#give(id, news);
    const isWanted = [...this.#wanted.values()].some((ids) => Object.hasOwn(ids, id));
    if (isWanted) this.#whisper({ kind: 'news', id, news });
  }

  #give(id: string, news: SceneNews): void {
    for (const { take } of this.#watchers.get(id) ?? []) take(news);
  }

  #stand(standing: StreamStanding): void {
    this.#setStanding(standing);
    this.#whisper({ kind: 'standing', standing });
  }

  #setStanding(standing: StreamStanding): void {
    this.#standing = standing;
    for (const watchers of this.#watchers.values())
      for (const { stand } of watchers) stand(standing);
  }

  #go(ids: readonly string[]): void {
    this.#going = ids;
    for (const [id, watchers] of this.#watchers)
      for (const { going } of watchers) going(ids.includes(id));
  }

  #whisper(whisper: Whisper): void {
    this.#channel.postMessage(whisper);
  }

  #hear(whisper: Whisper): void {
    switch (whisper.kind) {
      case 'news':
        if (!this.#isLeader) this.#give(whisper.id, whisper.news);
        return;
      case 'standing':
        if (!this.#isLeader) this.#setStanding(whisper.standing);
        return;
      case 'going':
        if (!this.#isLeader) this.#go(whisper.ids);
        return;
      case 'who':
        this.#whisper({ kind: 'want', ids: this.#own(), tab: this.#tab });
        return;
      case 'want': {
        if (!this.#isLeader) return;
        const { ids, tab } = whisper;
        if (Object.keys(ids).length === 0) this.#wanted.delete(tab);
        else this.#wanted.set(tab, ids);
        this.#whisper({ kind: 'standing', standing: this.#standing });
        if (this.#going) this.#whisper({ kind: 'going', ids: this.#going });
        for (const [id, after] of Object.entries(ids)) {
          const event = this.#last.get(id);
          // It came while the tab was not known to want it.
          if (event && event.n > after)
            this.#whisper({ kind: 'news', id, news: { kind: 'event', event } });
          const draft = this.#drafts.get(id);
          if (draft) this.#whisper({ kind: 'news', id, news: { kind: 'draft', draft } });
        }
        this.#open();
      }
    }
  }
}
