import { type Drawn, drawTogether } from '../engine/session/draw-together.ts';
import type { Stop } from '../engine/session/reply-text.ts';
import type { Session } from '../engine/session/session.ts';
import { grammarTexts } from '../steer/draw/grammar-texts.ts';
import { namingClash } from '../steer/draw/name-clash.ts';
import { type SteeredOptions, steered } from '../steer/draw/steered.ts';
import { SpokenText } from './spoken-text.ts';

/** A reply that is over. */
export interface Spoken {
  /** The reply's text as it may be shown. */
  readonly text: string;
  readonly tokens: readonly number[];
  readonly stop: Stop;
  /** When its first and last tokens were there, on the clock of `performance`; both the end if there was none. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** How a reply is drawn. */
export type SpeakOptions = SteeredOptions & {
  /** How the speaker may be called in a label that a model puts before its words. */
  readonly names: readonly string[];
};

/** One reply as it is drawn: its tokens, and what of it may be shown. */
class Said {
  readonly #shown: SpokenText;
  readonly #tokens: number[] = [];
  #firstAt = 0;
  #lastAt = 0;
  #endAt = 0;
  #stop: Stop = 'length';

  constructor({ names }: SpeakOptions) {
    this.#shown = new SpokenText(names);
  }

  /** Takes a piece; returns what may be shown now, at the end also what was held back. */
  add({ token, text, stop }: Drawn): string {
    if (token !== undefined) {
      this.#lastAt = performance.now();
      if (this.#tokens.push(token) === 1) this.#firstAt = this.#lastAt;
    }
    const shown = this.#shown.push(text);
    if (stop === undefined) return shown;
    this.#stop = stop;
    this.#endAt = performance.now();
    return shown + this.#shown.end();
  }

  whole(): Spoken {
    return {
      text: this.#shown.text,
      tokens: this.#tokens,
      stop: this.#stop,
      firstAt: this.#firstAt || this.#endAt,
      lastAt: this.#lastAt || this.#endAt,
    };
  }
}

/** One of several replies that are spoken together. */
export interface SpeakingPart {
  /** A session of the cache that the other parts' sessions are of. */
  readonly session: Session;
  readonly prompt: Int32Array;
  readonly options: SpeakOptions;
}

/** Text of the reply of part number `part` that may be shown. */
export interface SpokenPiece {
  readonly part: number;
  readonly text: string;
}

/**
 * Draws several replies, a token of each in one step, and lets through what may be shown of them, piece by piece: each says
 * the words that it would say alone.
 *
 * @throws {DramatisError} What `drawTogether` throws; `signal.reason` when aborted.
 */
export async function* speakTogether(
  parts: readonly SpeakingPart[],
  signal?: AbortSignal,
): AsyncGenerator<SpokenPiece, readonly Spoken[], undefined> {
  const said = parts.map(({ options }) => new Said(options));
  const drawn = parts.map(({ session, prompt, options: { names: _, ...options } }) =>
    steered(session, prompt, options),
  );
  try {
    for await (const piece of drawTogether(drawn, signal)) {
      const { part } = piece;
      const text = said[part]!.add(piece);
      if (text !== '') yield { part, text };
    }
  } catch (error) {
    throw await withLevers(error, parts);
  }
  return said.map((one) => one.whole());
}

/** An error of grammars that clash, with the levers of the replies that they are of; any other as it is. */
async function withLevers(error: unknown, parts: readonly SpeakingPart[]): Promise<unknown> {
  let named = error;
  for (const { session, options } of parts) {
    const { steering, sampling } = options;
    const asked = grammarTexts(sampling?.grammar);
    named = await namingClash(named, { model: session.model, steering, asked });
    if (named !== error) break;
  }
  return named;
}

/**
 * Draws one reply and lets through what may be shown of it, piece by piece.
 *
 * @throws {DramatisError} What `drawTogether` throws; `signal.reason` when aborted.
 */
export async function* speak(
  session: Session,
  prompt: Int32Array,
  { signal, ...options }: SpeakOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<string, Spoken, undefined> {
  const speaking = speakTogether([{ session, prompt, options }], signal);
  for (;;) {
    const step = await speaking.next();
    if (step.done) return step.value[0]!;
    yield step.value.text;
  }
}

/** Runs a reply, or several, to the end and returns the result; the pieces are dropped. */
export async function spoken<T>(speaking: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const step = await speaking.next();
    if (step.done) return step.value;
  }
}
