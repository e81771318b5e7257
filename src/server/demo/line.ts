import { Refusal } from '../failure.ts';

/** Somebody's place in a line; disposing of it leaves the line, from whatever place. */
export interface Place extends Disposable {
  /** How many are before them, the one who is being served among them. */
  readonly ahead: number;
  /** Resolves when fewer are before them than when it was called. @throws `signal.reason` */
  moved(signal: AbortSignal): Promise<void>;
}

/** One after another, in the order they came, with so many waiting at most. */
export class Line {
  readonly #mostWaiting: number;
  readonly #places: { wake: () => void }[] = [];

  constructor(mostWaiting: number) {
    this.#mostWaiting = mostWaiting;
  }

  /** Who is being served, and who waits. */
  get length(): number {
    return this.#places.length;
  }

  /** @throws {Refusal} 503 if as many wait as may. */
  enter(): Place {
    if (this.#places.length > this.#mostWaiting)
      throw new Refusal(503, 'line_full', `${this.#mostWaiting} wait already`, {
        remedy: 'Try again in a while.',
        retryAfter: 10,
      });
    const own = { wake: (): void => {} };
    this.#places.push(own);
    const places = this.#places;
    return {
      get ahead() {
        return places.indexOf(own);
      },
      moved: (signal) =>
        new Promise((resolve, reject) => {
          const stop = (): void => reject(signal.reason);
          if (signal.aborted) return stop();
          signal.addEventListener('abort', stop, { once: true });
          own.wake = () => {
            signal.removeEventListener('abort', stop);
            resolve();
          };
        }),
      [Symbol.dispose]: () => {
        const at = places.indexOf(own);
        if (at < 0) return;
        places.splice(at, 1);
        for (const { wake } of places.slice(at)) wake();
      },
    };
  }
}
