import type { Session, Stop } from '../engine/session.ts';
import { type DrawOptions, draw } from '../steer/draw.ts';
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

/**
 * Draws a reply and lets through what may be shown of it, piece by piece.
 *
 * @param names How the speaker may be called in a label that a model puts before its words.
 * @throws {DramatisError} What `draw` throws; `signal.reason` when aborted.
 */
export async function* speak(
  session: Session,
  prompt: Int32Array,
  { names, ...options }: DrawOptions & { readonly names: readonly string[] },
): AsyncGenerator<string, Spoken, undefined> {
  const shown = new SpokenText(names);
  const tokens: number[] = [];
  let firstAt = 0;
  let lastAt = 0;
  const drawing = draw(session, prompt, options);
  for (;;) {
    const step = await drawing.next();
    if (!step.done && step.value.token !== undefined) {
      lastAt = performance.now();
      if (tokens.push(step.value.token) === 1) firstAt = lastAt;
    }
    const text = step.done ? shown.end() : shown.push(step.value.text);
    if (text !== '') yield text;
    if (!step.done) continue;
    firstAt ||= performance.now();
    return { text: shown.text, tokens, stop: step.value, firstAt, lastAt: lastAt || firstAt };
  }
}

/** The whole of a reply, without showing any of it before. */
export async function spoken(speaking: AsyncGenerator<string, Spoken, undefined>): Promise<Spoken> {
  for (;;) {
    const step = await speaking.next();
    if (step.done) return step.value;
  }
}
