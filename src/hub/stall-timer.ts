/** Aborts its signal when `reset` has not been called for a while: a connection that brings nothing. */
export class StallTimer implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number) {
    const reason = new Error(`nothing came for ${limitMs / 1000} s`);
    this.#timer = setTimeout(() => this.#controller.abort(reason), limitMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  reset(): void {
    this.#timer.refresh();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
