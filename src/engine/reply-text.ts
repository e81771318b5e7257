import { ended, windowFull } from './native.ts';
import { StopScanner, Utf8Stream } from './text.ts';

/** One token of a reply. `text` may be empty (held back) or longer than the token (released). */
export interface Generated {
  /** Undefined where the end of the reply releases text that was held back. */
  readonly token: number | undefined;
  readonly text: string;
}

/** Why a reply ended: the model's own end, `maxTokens`, a stop text, or no room left in the window. */
export type Stop = 'end' | 'length' | 'stop' | 'window';

/** The text of one reply, from the tokens as they are drawn. */
export class ReplyText {
  readonly #utf8 = new Utf8Stream();
  readonly #scanner: StopScanner;
  readonly #piece: (token: number) => Uint8Array;
  #left: number;
  /** Why it is over. */
  stop: Stop | undefined;

  /** @param piece The bytes of a token. */
  constructor(piece: (token: number) => Uint8Array, maxTokens: number, stop: readonly string[]) {
    this.#piece = piece;
    this.#left = maxTokens;
    this.#scanner = new StopScanner(stop);
    if (maxTokens <= 0) this.stop = 'length';
  }

  /** What a drawn token adds; several at the end, which may release more text. */
  *take(token: number): Generator<Generated> {
    if (token === ended || token === windowFull) {
      this.stop = token === ended ? 'end' : 'window';
      yield* this.#release();
      return;
    }
    const found = this.#scanner.push(this.#utf8.push(this.#piece(token)));
    yield { token, text: found.text };
    if (found.stop !== undefined) this.stop = 'stop';
    else if (--this.#left <= 0) {
      this.stop = 'length';
      yield* this.#release();
    }
  }

  *#release(): Generator<Generated> {
    const text = this.#scanner.push(this.#utf8.flush()).text + this.#scanner.flush();
    if (text !== '') yield { token: undefined, text };
  }
}
