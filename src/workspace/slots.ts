import { DramatisError } from '../errors.ts';

/** Slots that are held; disposing of it gives them back. */
export interface SlotLease extends Disposable {
  readonly count: number;
  /** Gives away so many of them, to be given back on their own. */
  split(count: number): SlotLease;
  /**
   * Says that what holds them does so only to be quick the next time.
   *
   * @param giveUp Frees it, and gives the slots back.
   * @returns Disposing of it takes that back: it is in use again, or gone.
   */
  offer(giveUp: () => void): Disposable;
}

interface Waiting {
  readonly count: number;
  readonly go: (lease: SlotLease) => void;
}

/**
 * A number of places, such as the sessions of a cache, that are taken and given back. Who finds too few free waits in line;
 * what is kept only to be quick the next time is given up first, the oldest of it before the others.
 */
export class Slots {
  readonly size: number;
  readonly #mostWaiting: number;
  #free: number;
  readonly #waiting: Waiting[] = [];
  /** How to give up what is idle, oldest first. */
  readonly #idle = new Set<() => void>();

  constructor(size: number, { mostWaiting = Number.POSITIVE_INFINITY } = {}) {
    this.size = size;
    this.#free = size;
    this.#mostWaiting = mostWaiting;
  }

  get busy(): number {
    return this.size - this.#free;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Takes slots, in the order asked.
   *
   * @throws {DramatisError} USAGE for more than there are; BUSY if too many wait already; `signal.reason`.
   */
  async take(count: number, signal?: AbortSignal): Promise<SlotLease> {
    signal?.throwIfAborted();
    if (count > this.size)
      throw new DramatisError('USAGE', `${count} speak, and there is room for ${this.size}`, {
        remedy: 'Name fewer, or start the server with more --slots.',
      });
    if (this.#waiting.length === 0 && this.#makeRoom(count)) return this.#lease(count);
    if (this.#waiting.length >= this.#mostWaiting)
      throw new DramatisError('BUSY', `${this.#waiting.length} wait already`, {
        remedy: 'Ask again in a while.',
      });
    return this.#wait(count, signal);
  }

  #wait(count: number, signal: AbortSignal | undefined): Promise<SlotLease> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason);
        this.#serve();
      };
      const waiting: Waiting = {
        count,
        go: (lease) => {
          signal?.removeEventListener('abort', leave);
          resolve(lease);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #makeRoom(count: number): boolean {
    for (const giveUp of this.#idle) {
      if (this.#free >= count) break;
      this.#idle.delete(giveUp);
      giveUp();
    }
    return this.#free >= count;
  }

  #lease(count: number): SlotLease {
    this.#free -= count;
    return this.#held(count);
  }

  #held(all: number): SlotLease {
    let count = all;
    return {
      get count() {
        return count;
      },
      split: (part) => {
        if (part > count) throw new RangeError(`${part} slots of ${count} were to be given away`);
        count -= part;
        return this.#held(part);
      },
      offer: (giveUp) => this.#offer(giveUp),
      [Symbol.dispose]: () => {
        if (count === 0) return;
        this.#free += count;
        count = 0;
        this.#serve();
      },
    };
  }

  #offer(giveUp: () => void): Disposable {
    const once = (): void => giveUp();
    this.#idle.add(once);
    this.#serve();
    return {
      [Symbol.dispose]: () => {
        this.#idle.delete(once);
      },
    };
  }

  #serve(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (!this.#makeRoom(first.count)) return;
      this.#waiting.shift();
      first.go(this.#lease(first.count));
    }
  }
}
