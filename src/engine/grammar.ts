import type { NativeGrammar, NativeMatcher } from './native.ts';
import { settleNow } from './settle.ts';

/**
 * A weighted grammar made ready for one model's vocabulary, by `Model.grammar`: shared by any number of
 * sessions, immutable. The language is described in src/steer/grammar/grammar.md.
 */
export class Grammar {
  readonly text: string;
  /** @internal */
  readonly native: NativeGrammar;
  /** Whether it bans phrases: a reply's last tokens may then be taken back. */
  readonly hasBans: boolean;

  /** @internal */
  constructor(text: string, native: NativeGrammar) {
    this.text = text;
    this.native = native;
    this.hasBans = native.hasBans();
  }

  /** A matcher for a new text, which is empty. */
  matcher(): GrammarMatcher {
    return new GrammarMatcher(settleNow(() => this.native.matcher()));
  }
}

/** The place of one text in a grammar: advanced token by token, taken back and copied at no cost. */
export class GrammarMatcher implements Disposable {
  readonly #native: NativeMatcher;

  /** @internal */
  constructor(native: NativeMatcher) {
    this.#native = native;
  }

  /** Tokens said. */
  get length(): number {
    return settleNow(() => this.#native.length());
  }

  /** Says a token; false, and nothing changes, if it may not follow. Tokens that end a reply never follow. */
  accept(token: number): boolean {
    return settleNow(() => this.#native.accept(token));
  }

  rewind(length: number): void {
    settleNow(() => this.#native.rewind(length));
  }

  clone(): GrammarMatcher {
    return new GrammarMatcher(settleNow(() => this.#native.clone()));
  }

  /** Tokens that may follow, ascending; those that end a reply are not among them, see `finishedNats`. */
  allowed(): Int32Array {
    return settleNow(() => this.#native.allowed());
  }

  /** By how much each allowed token changes the potential, in nats; 0 for those not listed. */
  gains(): ReadonlyMap<number, number> {
    const { tokens, nats } = settleNow(() => this.#native.gains());
    return new Map(Array.from(tokens, (token, i) => [token, nats[i]!]));
  }

  /** log W of the text in nats; undefined if it may not end here. */
  get finishedNats(): number | undefined {
    const nats = settleNow(() => this.#native.finished());
    return Number.isNaN(nats) ? undefined : nats;
  }

  /** Φ in nats: the log-weight earned so far and promised. */
  get potentialNats(): number {
    return settleNow(() => this.#native.potential());
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}
