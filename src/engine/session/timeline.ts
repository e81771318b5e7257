/** Names what acts on the token at a position: see `ActiveAdapters.keyAt`. */
export type KeyAt = (position: number) => string;

/**
 * The tokens that one session has in its KV cache, in order, each with the key of the adapters that acted when it was
 * evaluated. Pure bookkeeping: it knows no engine, and says what the engine has to forget and to evaluate.
 */
export class Timeline {
  #tokens: number[] = [];
  #keys: string[] = [];
  /** Tokens that the engine holds; those beyond `#tokens` are to be forgotten before the next step. */
  #evaluated = 0;
  /** The token drawn last, which no step has evaluated yet. */
  #drawn: number | undefined;
  /** Tokens at the start that `hold` marked; -1 once one of them was forgotten. */
  #held = -1;
  /** Tokens at the start whose memory is shared with the timeline that this one is a fork of. */
  #shared = 0;

  get length(): number {
    return this.#tokens.length;
  }

  /** Tokens that no timeline which this one is a fork of holds. */
  get ownLength(): number {
    return this.length - Math.min(this.length, this.#shared);
  }

  /** The token drawn last, if no step has evaluated it yet: the next step does. */
  get drawn(): number | undefined {
    return this.#drawn;
  }

  /** Whether the engine holds tokens beyond the end. */
  get hasExcess(): boolean {
    return this.#evaluated > this.length;
  }

  /** A copy of the tokens before position `end`; negative counts from the end. */
  tokens(end = this.length): Int32Array {
    return Int32Array.from(this.#tokens.slice(0, end));
  }

  /** How many tokens at the start are those of `prompt`, evaluated under the keys that `keyAt` asks for. */
  common(prompt: Int32Array, keyAt: KeyAt): number {
    const most = Math.min(prompt.length, this.length);
    let n = 0;
    while (n < most && this.#tokens[n] === prompt[n] && this.#keys[n] === keyAt(n)) n++;
    return n;
  }

  /** Adds tokens that a step has evaluated, each under its key. */
  push(tokens: ArrayLike<number>, keys: readonly string[]): void {
    for (let i = 0; i < tokens.length; i++) {
      this.#tokens.push(tokens[i]!);
      this.#keys.push(keys[i]!);
    }
    this.#evaluated = this.#tokens.length;
  }

  /** Adds the token drawn last, which a step has evaluated under `key`, if there is one. */
  pushDrawn(key: string): void {
    if (this.#drawn !== undefined) this.push([this.#drawn], [key]);
    this.#drawn = undefined;
  }

  /** Notes a token that was drawn and that the next step evaluates; undefined if there is none. */
  draw(token: number | undefined): void {
    this.#drawn = token;
  }

  /** Drops the tokens from `length` on; the engine forgets them before its next step. */
  forget(length: number): void {
    if (length >= this.length) return;
    this.#tokens.length = this.#keys.length = length;
    this.#drawn = undefined;
    this.#shared = Math.min(this.#shared, length);
    if (length < this.#held) this.#held = -1;
  }

  /** Drops what was evaluated under another key than `keyAt` asks for now, and all that follows it. */
  forgetOthers(keyAt: KeyAt): void {
    const changed = this.#keys.findIndex((key, i) => key !== keyAt(i));
    if (changed >= 0) this.forget(changed);
  }

  /** Notes that the engine holds the first `length` tokens and no others. */
  cut(length: number): void {
    this.forget(length);
    this.#evaluated = this.length;
  }

  /** Drops everything, what `hold` marked included, and notes that the engine holds nothing. */
  reset(): void {
    this.cut(0);
    this.#held = -1;
  }

  /** Marks the tokens there are: while none of them is forgotten, `isHeld` says so. */
  hold(): void {
    this.#held = this.length;
  }

  /** Whether these tokens and no others were there when `hold` was called, and have been since: not a bit has changed. */
  isHeld(tokens: Int32Array, keyAt: KeyAt): boolean {
    return this.#held === tokens.length && this.common(tokens, keyAt) === tokens.length;
  }

  /** A timeline with the same tokens, whose memory in the cache is shared. */
  fork(): Timeline {
    const fork = new Timeline();
    fork.#tokens = [...this.#tokens];
    fork.#keys = [...this.#keys];
    fork.#evaluated = fork.#shared = this.length;
    return fork;
  }
}
