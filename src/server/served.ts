import type { Dramatis } from '../workspace/dramatis.ts';
import { KeptScenes } from '../workspace/kept-scenes.ts';
import { RunningScenes } from '../workspace/running-scenes.ts';
import { ServedPlays } from '../workspace/served-plays.ts';
import { SharedEngine, type SharedEngineOptions } from '../workspace/shared-engine.ts';
import { Speakers } from '../workspace/speakers.ts';
import { OpenStreams } from './client-stream.ts';
import { countEvent, Metrics } from './metrics.ts';

/** How much a server lets in. */
interface Limits {
  /** Scenes that go on at one time. Default: 8. */
  readonly scenes?: number | undefined;
  /** Requests that wait for a slot. Default: 32. */
  readonly waiting?: number | undefined;
  /** Streams that are open at one time. Default: 64. */
  readonly streams?: number | undefined;
}

export interface ServedOptions extends Omit<SharedEngineOptions, 'mostWaiting'> {
  /** Files of plays that are in no catalogue. */
  readonly plays?: readonly string[] | undefined;
  readonly limits?: Limits | undefined;
}

const defaultStreams = 64;

/** What all routes share: the plays, the scenes, the engine, which is opened once and while the server already answers. */
export class Served {
  readonly dramatis: Dramatis;
  readonly plays: ServedPlays;
  readonly kept: KeptScenes;
  readonly scenes: RunningScenes;
  readonly streams: OpenStreams;
  readonly metrics = new Metrics();
  /** Aborts when the server is being stopped. */
  readonly stopping = new AbortController();
  readonly #options: ServedOptions;
  #opening: Promise<SharedEngine> | undefined;
  #engine: SharedEngine | undefined;
  #speakers: Speakers | undefined;

  constructor(dramatis: Dramatis, options: ServedOptions = {}) {
    const { plays, limits = {} } = options;
    this.dramatis = dramatis;
    this.#options = options;
    this.plays = new ServedPlays(dramatis, plays);
    this.kept = new KeptScenes(dramatis.folders.conversations);
    this.streams = new OpenStreams(limits.streams ?? defaultStreams);
    this.scenes = new RunningScenes(
      dramatis,
      { engine: () => this.engine(), plays: this.plays },
      { mostRunning: limits.scenes, observe: (event) => countEvent(this.metrics, event) },
    );
  }

  /** The engine, opened when it is first asked for; what failed is tried again. */
  engine(): Promise<SharedEngine> {
    if (!this.#opening) {
      const { plays: _, limits, ...options } = this.#options;
      const opening = SharedEngine.open(this.dramatis, {
        ...options,
        mostWaiting: limits?.waiting,
        signal: this.stopping.signal,
      });
      this.#opening = opening;
      opening.then(
        (engine) => {
          this.#engine = engine;
          this.#measure(engine);
        },
        () => {
          this.#opening = undefined;
        },
      );
    }
    return this.#opening;
  }

  /** Characters as requests ask for them. */
  async speakers(): Promise<Speakers> {
    const engine = await this.engine();
    this.#speakers ??= new Speakers(this.dramatis, engine);
    return this.#speakers;
  }

  /** The engine if it is open. */
  get opened(): SharedEngine | undefined {
    return this.#engine;
  }

  get status(): 'ok' | 'loading' | 'draining' {
    if (this.stopping.signal.aborted) return 'draining';
    return this.#engine ? 'ok' : 'loading';
  }

  #measure({ cache, slots }: SharedEngine): void {
    const { metrics, streams, scenes } = this;
    cache.steps.observe = (rows, ms) => {
      metrics.observe('dramatis_step_seconds', ms / 1000);
      metrics.observe('dramatis_step_rows', rows);
    };
    metrics.gauge('dramatis_slots_busy', () => slots.busy);
    metrics.gauge('dramatis_queue', () => slots.waiting);
    metrics.gauge('dramatis_sse_clients', () => streams.count);
    metrics.gauge('dramatis_scenes_running', () => scenes.playing.length);
  }

  /** Stops everything, keeping what was said. */
  async close(): Promise<void> {
    this.stopping.abort(new Error('the server is being stopped'));
    await this.scenes.close();
    await this.#opening?.catch(() => {});
    this.#speakers?.[Symbol.dispose]();
    this.#engine?.[Symbol.dispose]();
  }
}
