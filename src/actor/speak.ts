import { type Generated, Session, type Stop } from '../engine/session.ts';
import { Drawing, type DrawOptions, draw } from '../steer/draw/draw.ts';
import { SpokenText } from './spoken-text.ts';

/** A reply that is over. */
export interface Spoken {
  /** As it may be shown. */
  readonly text: string;
  readonly tokens: readonly number[];
  readonly stop: Stop;
  /** When its first and last tokens were there, on the clock of `performance`; both the end if there was none. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** How a reply is drawn. `names`: how the speaker may be called in a label that a model puts before its words. */
export type SpeakOptions = DrawOptions & { readonly names: readonly string[] };

/** What was drawn so far, and what of it may be shown. */
class Said {
  readonly #shown: SpokenText;
  readonly #tokens: number[] = [];
  #firstAt = 0;
  #lastAt = 0;

  constructor(names: readonly string[]) {
    this.#shown = new SpokenText(names);
  }

  /** Returns what may be shown now. */
  add({ token, text }: Generated): string {
    if (token !== undefined) {
      this.#lastAt = performance.now();
      if (this.#tokens.push(token) === 1) this.#firstAt = this.#lastAt;
    }
    return this.#shown.push(text);
  }

  /** What was held back until the end. */
  end(): string {
    return this.#shown.end();
  }

  whole(stop: Stop): Spoken {
    const firstAt = this.#firstAt || performance.now();
    const lastAt = this.#lastAt || firstAt;
    return { text: this.#shown.text, tokens: this.#tokens, stop, firstAt, lastAt };
  }
}

/**
 * Draws a reply and lets through what may be shown of it, piece by piece.
 *
 * @throws {DramatisError} What `draw` throws; `signal.reason` when aborted.
 */
export async function* speak(
  session: Session,
  prompt: Int32Array,
  { names, ...options }: SpeakOptions,
): AsyncGenerator<string, Spoken, undefined> {
  const said = new Said(names);
  const drawing = draw(session, prompt, options);
  for (;;) {
    const step = await drawing.next();
    const text = step.done ? said.end() : said.add(step.value);
    if (text !== '') yield text;
    if (step.done) return said.whole(step.value);
  }
}

/** The whole of a reply, without showing any of it before. */
export async function spoken(speaking: AsyncGenerator<string, Spoken, undefined>): Promise<Spoken> {
  for (;;) {
    const step = await speaking.next();
    if (step.done) return step.value;
  }
}

/** One of several replies that are spoken together. */
export interface SpeakingPart {
  /** Of one cache with those of the others. */
  readonly session: Session;
  readonly prompt: Int32Array;
  readonly options: SpeakOptions;
}

/**
 * Several replies at once, a token of each in one step: in each the words that it would have alone.
 *
 * @throws {DramatisError} As `speak`.
 */
export async function speakTogether(
  parts: readonly SpeakingPart[],
  signal?: AbortSignal,
): Promise<readonly Spoken[]> {
  const voices: { session: Session; drawing: Drawing; said: Said }[] = [];
  try {
    for (const { session, prompt, options } of parts) {
      const drawing = await Drawing.begin(session, prompt, options);
      voices.push({ session, drawing, said: new Said(options.names) });
    }
    for (;;) {
      const going = voices.filter(({ drawing }) => drawing.stop === undefined);
      if (going.length === 0) break;
      signal?.throwIfAborted();
      const sessions = going.map(({ session }) => session);
      const tokens = await Session.drawEach(sessions, signal);
      for (const [i, { drawing, said }] of going.entries())
        for (const piece of await drawing.take(tokens[i]!)) said.add(piece);
    }
  } finally {
    for (const { drawing } of voices) drawing[Symbol.dispose]();
  }
  return voices.map(({ drawing, said }) => {
    said.end();
    return said.whole(drawing.stop!);
  });
}
