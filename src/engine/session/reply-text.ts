import { ended, windowFull } from '../native.ts';
import { StopScanner, Utf8Stream } from '../text.ts';
import { tokensTakenBack } from './tokens-taken-back.ts';

/** One token of a reply. `text` may be empty (held back) or longer than the token (released). */
export interface Generated {
  /** Undefined where the end of the reply releases text that was held back. */
  readonly token: number | undefined;
  readonly text: string;
}

/** Why a reply ended: the model's own end, `maxTokens`, a sentence's end near it, a stop text, or no room left in the window. */
export type Stop = 'end' | 'length' | 'sentence' | 'stop' | 'window';

/** The end of a sentence: no initial and no title, which have a full stop too. */
const sentenceEnd = /(?<!\b(?:\p{Lu}|[DM]rs?|St))[.!?…]["'”’)\]]*$/u;

export interface ReplyTextOptions {
  /** The bytes of a token. */
  readonly piece: (token: number) => Uint8Array;
  readonly maxTokens: number;
  /** Texts that end the reply and are not part of it. */
  readonly stop: readonly string[];
  /** Tokens from which on the reply ends where a sentence does; it never does unless given. */
  readonly softEnd?: number | undefined;
  /** How many of the tokens drawn last may yet be taken back; none, unless given. */
  readonly held?: () => number;
}

/** Makes the text of one reply from its tokens as they are drawn: stops, taken-back tokens, characters cut in two. */
export class ReplyText {
  readonly #utf8 = new Utf8Stream();
  readonly #scanner: StopScanner;
  readonly #piece: (token: number) => Uint8Array;
  readonly #held: () => number;
  /** Tokens drawn and not yet released: they may begin a banned phrase. */
  readonly #waiting: number[] = [];
  readonly #softEnd: number;
  #left: number;
  #released = 0;
  /** The last characters that were released. */
  #tail = '';
  /** Why the reply is over; undefined while it goes on. */
  stop: Stop | undefined;

  constructor({ piece, maxTokens, stop, held = () => 0, softEnd }: ReplyTextOptions) {
    this.#piece = piece;
    this.#held = held;
    this.#left = maxTokens;
    this.#softEnd = softEnd ?? Number.POSITIVE_INFINITY;
    this.#scanner = new StopScanner(stop);
    if (maxTokens <= 0) this.stop = 'length';
  }

  /** Takes a drawn token; returns what it adds to the reply, several pieces where text is released at the end. */
  *take(token: number): Generator<Generated> {
    const count = tokensTakenBack(token);
    if (count > this.#waiting.length) {
      // Grammars that leave nothing to go on with take back what was shown already: the reply stands as it is.
      yield* this.#end('end');
      return;
    }
    if (count > 0) {
      this.#waiting.length -= count;
      this.#left += count;
      return;
    }
    if (token === ended || token === windowFull) {
      yield* this.#end(token === ended ? 'end' : 'window');
      return;
    }
    this.#waiting.push(token);
    this.#left--;
    yield* this.#release(this.#held());
    if (this.stop === undefined && this.#left <= 0) yield* this.#end('length');
  }

  /** Releases the waiting tokens but the last `held`. */
  *#release(held: number): Generator<Generated> {
    while (this.#waiting.length > held && this.stop === undefined) {
      const token = this.#waiting.shift()!;
      const text = this.#utf8.push(this.#piece(token));
      if (this.#isOverBefore(text)) {
        this.stop = 'sentence';
        yield { token, text: this.#scanner.flush() };
        return;
      }
      const found = this.#scanner.push(text);
      yield { token, text: found.text };
      if (found.stop !== undefined) this.stop = 'stop';
    }
  }

  /** Whether a sentence has ended, late in the reply: a blank after its mark tells that it has. */
  #isOverBefore(text: string): boolean {
    const isOver =
      this.#released >= this.#softEnd && /^\s/.test(text) && sentenceEnd.test(this.#tail);
    this.#released++;
    this.#tail = (this.#tail + text).slice(-8);
    return isOver;
  }

  *#end(why: Stop): Generator<Generated> {
    yield* this.#release(0);
    if (this.stop !== undefined) return;
    this.stop = why;
    const text = this.#scanner.push(this.#utf8.flush()).text + this.#scanner.flush();
    if (text !== '') yield { token: undefined, text };
  }
}
