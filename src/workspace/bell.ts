/** Lets any number of readers wait until something has changed, without a queue for any of them. */
export class Bell {
  #rung = 0;
  #waiting = new Set<() => void>();

  /** How often it has rung: a reader that notes it before it looks misses nothing. */
  get rung(): number {
    return this.#rung;
  }

  ring(): void {
    this.#rung++;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** Calls `wake` at the next ring; disposing of what it returns takes that back. */
  onNext(wake: () => void): Disposable {
    this.#waiting.add(wake);
    return {
      [Symbol.dispose]: () => {
        this.#waiting.delete(wake);
      },
    };
  }
}
