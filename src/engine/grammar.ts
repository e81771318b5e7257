import type { Model } from './model.ts';
import type { NativeGrammar } from './native.ts';

/**
 * A weighted grammar made ready for one model's vocabulary: shared by any number of sessions, immutable.
 * The language is described in src/steer/grammar.md.
 */
export class Grammar implements Disposable {
  readonly text: string;
  readonly native: NativeGrammar;

  private constructor(text: string, native: NativeGrammar) {
    this.text = text;
    this.native = native;
  }

  /** @throws {DramatisError} GRAMMAR_INVALID, with line, column and caret. */
  static compile(model: Model, text: string): Grammar {
    return new Grammar(text, model.compileGrammar(text));
  }

  /** Idempotent. Replies in the making go on with it. */
  [Symbol.dispose](): void {
    this.native.dispose();
  }
}
