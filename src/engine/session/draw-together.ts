import type { ActiveAdapter } from './active-adapters.ts';
import type { DrawingOptions } from './drawing.ts';
import type { Generated, ReplyText, Stop } from './reply-text.ts';
import type { Session } from './session.ts';

/**
 * A session whose tokens are drawn from base + α · (its own − base), log-probabilities each: 1 is its own, 0 the base, above
 * 1 more of what distinguishes them. The base reads what is said, in the same steps.
 */
export interface Against {
  /** A session of the same cache, and nobody else's meanwhile. Where its window is full, it adds nothing more. */
  readonly base: Session;
  /** Tokens that the base reads before the reply. */
  readonly prompt: Int32Array;
  readonly alpha: number;
}

export interface DrawOptions extends DrawingOptions {
  /** Moves the distribution away from what another session would say. */
  readonly against?: Against | undefined;
  /** A control vector that acts from the prompt's last token on, until the reply is over. */
  readonly control?: ActiveAdapter | undefined;
}

/** One step of one reply, as a `DrawHook` sees it. */
export interface DrawStep {
  /** The token the engine gave; below 0 where none was drawn, see `Session.drawBeside`. */
  readonly token: number;
  /** Pieces that the step adds to the reply. */
  readonly pieces: readonly Generated[];
  /** Milliseconds of the step, which all replies in it share. */
  readonly ms: number;
  /** Whether the reply is over. */
  readonly isOver: boolean;
}

/** Acts on one reply between its steps, such as by changing the session's bias. Steering is one. */
export interface DrawHook {
  /** Called when the prompt has been read and nothing is drawn yet. */
  begin(signal: AbortSignal | undefined): Promise<void>;
  /** Called after each step, before its pieces are yielded. */
  after(step: DrawStep, signal: AbortSignal | undefined): Promise<void>;
}

/** A reply to be drawn, alone or beside others. */
export interface DrawPart {
  /** A session of the cache that the other parts' sessions are of, and in no other part. */
  readonly session: Session;
  readonly prompt: Int32Array;
  readonly options?: DrawOptions | undefined;
  readonly hook?: DrawHook | undefined;
}

/** A piece of the reply of part number `part`. */
export interface Drawn extends Generated {
  readonly part: number;
  /** Why the part's reply is over; undefined but on its last piece, which every reply has and which may be empty. */
  readonly stop: Stop | undefined;
}

/**
 * Draws replies, one token of each in one native step, each under its own adapters, sampler, bias and hook: what a part says
 * is what it says alone. The only drawing loop there is: one speaker is a batch of one.
 *
 * Computes nothing before it is asked for; leaving the loop or aborting the signal stops all within one step.
 *
 * @throws {DramatisError} WINDOW_EXCEEDED, GRAMMAR_INVALID, BUSY, DISPOSED, NATIVE_FAILED for sessions of several caches;
 *   `signal.reason` when aborted.
 */
export async function* drawTogether(
  parts: readonly DrawPart[],
  signal?: AbortSignal,
): AsyncGenerator<Drawn, void, undefined> {
  const replies: { readonly part: number; readonly text: ReplyText }[] = [];
  try {
    for (const [part, { session, prompt, options = {}, hook }] of parts.entries()) {
      const { control } = options;
      if (control) session.control = { ...control, from: prompt.length - 1 };
      const text = await session.begin(prompt, options, signal);
      await hook?.begin(signal);
      if (text.stop === undefined) replies.push({ part, text });
      else yield { part, token: undefined, text: '', stop: text.stop };
    }
    for (let going = replies; going.length > 0; ) {
      signal?.throwIfAborted();
      const start = performance.now();
      const [first, ...others] = going.map(({ part }) => parts[part]!.session);
      const tokens = await first!.drawBeside(others, signal);
      const ms = performance.now() - start;
      for (const [i, { part, text }] of going.entries()) {
        const token = tokens[i]!;
        const pieces = [...text.take(token)];
        const { stop } = text;
        await parts[part]!.hook?.after({ token, pieces, ms, isOver: stop !== undefined }, signal);
        yield* labelled(part, pieces, stop);
      }
      going = going.filter(({ text }) => text.stop === undefined);
    }
  } finally {
    for (const { session, options } of parts) if (options?.control) session.control = null;
  }
}

function* labelled(
  part: number,
  pieces: readonly Generated[],
  stop: Stop | undefined,
): Generator<Drawn> {
  const last = pieces.length - 1;
  for (const [i, { token, text }] of pieces.entries())
    yield { part, token, text, stop: i === last ? stop : undefined };
  if (last < 0 && stop !== undefined) yield { part, token: undefined, text: '', stop };
}
