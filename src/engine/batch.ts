import type { Generated, ReplyText, Stop } from './reply-text.ts';
import { type GenerateOptions, Session } from './session.ts';

/** A reply to be spoken beside others. */
export interface Part {
  /** Of one cache with those of the others, and in one part only. */
  readonly session: Session;
  readonly prompt: Int32Array;
  readonly options?: Omit<GenerateOptions, 'signal'>;
}

/** A piece of the reply of part number `part`. */
export interface BatchGenerated extends Generated {
  readonly part: number;
}

/**
 * Several replies at once: a token of each in one native step, each with its own adapter, sampler and bias. What a part
 * says is what it would say alone. Computes nothing before it is asked for; leaving the loop or aborting stops all.
 *
 * @returns Why each ended.
 * @throws As `Session.generate`; RangeError for sessions of several caches.
 */
export async function* generateTogether(
  parts: readonly Part[],
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<BatchGenerated, Stop[], undefined> {
  const replies: ReplyText[] = [];
  for (const { session, prompt, options } of parts) {
    replies.push(await session.begin(prompt, { ...options, ...(signal && { signal }) }));
  }
  for (;;) {
    const going = replies.flatMap(({ stop }, part) => (stop === undefined ? [part] : []));
    if (going.length === 0) return replies.map(({ stop }) => stop!);
    signal?.throwIfAborted();
    const tokens = await Session.drawEach(
      going.map((part) => parts[part]!.session),
      signal,
    );
    for (const [i, part] of going.entries()) {
      for (const said of replies[part]!.take(tokens[i]!)) yield { part, ...said };
    }
  }
}
