/** Something that several clients hold at once; whoever disposes of the last lease frees it. */
export interface Lease<T> extends Disposable {
  readonly value: T;
}

interface Shared<T> {
  readonly opening: Promise<T>;
  /** Aborted when nobody waits for the opening any more. */
  readonly abandon: AbortController;
  users: number;
}

/**
 * Opened things by key, each shared by all who ask for it and freed when the last of them has left.
 *
 * Who asks while something is being opened waits for that opening. One that gives up leaves the others waiting; when the
 * last gives up, the opening is aborted, and has ended before the lease is refused.
 */
export class Pool<T extends Disposable> implements Disposable {
  readonly #shared = new Map<string, Shared<T>>();

  /** How many things are open or being opened. */
  get size(): number {
    return this.#shared.size;
  }

  /** @throws What `open` throws; `signal.reason`. */
  async lease(
    key: string,
    open: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<Lease<T>> {
    signal?.throwIfAborted();
    const shared = this.#shared.get(key) ?? this.#begin(key, open);
    shared.users++;
    let isLeft = false;
    const leave = (): void => {
      if (!isLeft) this.#leave(key, shared);
      isLeft = true;
    };
    try {
      const value = await unlessAborted(shared.opening, signal);
      return { value, [Symbol.dispose]: leave };
    } catch (error) {
      leave();
      if (shared.users === 0) await shared.opening.catch(() => {});
      throw error;
    }
  }

  /** Frees everything, whoever still holds a lease. */
  [Symbol.dispose](): void {
    for (const [key, shared] of [...this.#shared]) {
      shared.users = 1;
      this.#leave(key, shared);
    }
  }

  #begin(key: string, open: (signal: AbortSignal) => Promise<T>): Shared<T> {
    const abandon = new AbortController();
    const shared = { opening: open(abandon.signal), abandon, users: 0 };
    this.#shared.set(key, shared);
    return shared;
  }

  #leave(key: string, shared: Shared<T>): void {
    if (--shared.users > 0) return;
    if (this.#shared.get(key) === shared) this.#shared.delete(key);
    shared.abandon.abort();
    shared.opening.then(
      (value) => value[Symbol.dispose](),
      () => {}, // nothing was opened
    );
  }
}

/** The promise's value, or the signal's reason if that comes first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
