import type { GrammarMatcher } from '../../engine/grammar.ts';
import type { Model } from '../../engine/model.ts';

/** The place of a given text in several grammars, for rows of logits made in TypeScript: a session does this natively while it draws. */
export class GrammarTracks implements Disposable {
  readonly #ends: Int32Array;
  /** Matchers of the grammars that the text has not left. */
  #matchers: readonly GrammarMatcher[];

  private constructor(matchers: readonly GrammarMatcher[], ends: Int32Array) {
    this.#matchers = matchers;
    this.#ends = ends;
  }

  /** @throws {DramatisError} GRAMMAR_INVALID */
  static async open(
    model: Pick<Model, 'grammar' | 'info'>,
    grammars: readonly string[],
  ): Promise<GrammarTracks> {
    const compiled = await Promise.all(grammars.map((text) => model.grammar(text)));
    return new GrammarTracks(
      compiled.map((grammar) => grammar.matcher()),
      model.info.ends,
    );
  }

  /** Adds λ times what each token earns; −Infinity where it may not follow. */
  addTo(row: Float32Array, strength: number): void {
    for (const matcher of this.#matchers) {
      const own = new Float32Array(row.length).fill(Number.NEGATIVE_INFINITY);
      for (const token of matcher.allowed()) own[token] = 0;
      for (const [token, nats] of matcher.gains()) own[token] = strength * nats;
      const finished = matcher.finishedNats;
      if (finished !== undefined)
        for (const end of this.#ends) own[end] = strength * (finished - matcher.potentialNats);
      for (let token = 0; token < row.length; token++) row[token]! += own[token]!;
    }
  }

  /** Says a token; a grammar that it may not follow in adds nothing from then on. */
  say(token: number): void {
    const left = this.#matchers.filter((matcher) => !matcher.accept(token));
    for (const matcher of left) matcher[Symbol.dispose]();
    this.#matchers = this.#matchers.filter((matcher) => !left.includes(matcher));
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    for (const matcher of this.#matchers) matcher[Symbol.dispose]();
  }
}
