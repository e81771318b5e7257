import { compute, type Threads } from '../compute.ts';
import { usableCores } from '../cores.ts';
import type { Model } from '../model.ts';
import { greedy } from '../sampling.ts';
import type { Session } from '../session/session.ts';
import type { Measured } from './measured.ts';

export interface CurveOptions {
  readonly repetitions: number;
  readonly signal?: AbortSignal | undefined;
}

/** Tokens that are read, and that are generated, at a point of a curve. */
const [readTokens, drawnTokens] = [64, 24];

/**
 * How reading and generation slow down as a conversation grows: so many tokens are in the context, then 64 are read and 24
 * generated. Contexts that the model was not trained for are left out.
 *
 * @throws `signal.reason`
 */
export async function* measureContexts(
  model: Model,
  contexts: readonly number[],
  { repetitions, signal }: CurveOptions,
): AsyncGenerator<Measured> {
  const room = readTokens + drawnTokens + 1;
  for (const context of contexts) {
    if (context + room > model.info.trainedWindow) continue;
    using session = await model.session({ window: context + room });
    const before = someTokens(model, context, 0);
    const reading: number[] = [];
    const generation: number[] = [];
    for (let i = 0; i <= repetitions; i++) {
      await session.prefill(before, signal); // only the first reads them: what is there already is kept
      const after = Int32Array.from([...before, ...someTokens(model, readTokens, i + 1)]);
      const start = performance.now();
      await session.prefill(after, signal);
      const read = performance.now();
      const drawn = await generationOf(session, after, signal);
      if (i === 0) continue;
      reading.push((1000 * readTokens) / (read - start));
      generation.push(drawn);
    }
    const rate = { bench: 'context', unit: 'tokens/s', higherIsBetter: true } as const;
    yield { ...rate, what: 'reading', at: { context }, samples: reading };
    yield { ...rate, what: 'generation', at: { context }, samples: generation };
  }
}

/**
 * How much more a machine generates when several sequences take their steps together: tokens a second of all of them.
 *
 * @throws `signal.reason`
 */
export async function* measureBatches(
  model: Model,
  batches: readonly number[],
  { repetitions, signal }: CurveOptions,
): AsyncGenerator<Measured> {
  for (const sequences of batches) {
    using cache = await model.cache({ window: 2 * drawnTokens + 16, sessions: sequences });
    const samples: number[] = [];
    const open: Session[] = [];
    for (let i = 0; i < sequences; i++) open.push(await cache.session());
    try {
      for (let i = 0; i <= repetitions; i++) {
        const prompts = open.map((_, k) => someTokens(model, 8, 1 + i * sequences + k));
        await Promise.all(open.map((session, k) => session.prefill(prompts[k]!, signal)));
        const rates = await together(open, prompts, signal);
        if (i > 0) samples.push(rates);
      }
    } finally {
      for (const session of open) session[Symbol.dispose]();
    }
    yield {
      ...{ bench: 'batch', what: 'generation, all together', unit: 'tokens/s' },
      ...{ higherIsBetter: true, at: { sequences }, samples },
    };
  }
}

/**
 * What each further thread buys, up to the usable cores: more than there are would wait for each other.
 *
 * @param asked The threads that the engine goes back to afterwards.
 * @throws `signal.reason`
 */
export async function* measureThreads(
  model: Model,
  asked: Threads,
  { repetitions, signal }: CurveOptions,
): AsyncGenerator<Measured> {
  using session = await model.session({ window: 2 * readTokens + drawnTokens });
  const rate = { bench: 'threads', unit: 'tokens/s', higherIsBetter: true } as const;
  try {
    for (const threads of threadCounts(usableCores().count)) {
      compute({ threads, gpu: 'off' });
      const reading: number[] = [];
      const generation: number[] = [];
      for (let i = 0; i <= repetitions; i++) {
        const tokens = someTokens(model, readTokens, 1000 * threads + i);
        const start = performance.now();
        await session.prefill(tokens, signal);
        const read = performance.now();
        const drawn = await generationOf(session, tokens, signal);
        if (i === 0) continue;
        reading.push((1000 * readTokens) / (read - start));
        generation.push(drawn);
      }
      yield { ...rate, what: 'reading', at: { threads }, samples: reading };
      yield { ...rate, what: 'generation', at: { threads }, samples: generation };
    }
  } finally {
    compute({ threads: asked, gpu: 'off' });
  }
}

/** 1, 2, 4 … and the most. */
function threadCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** Tokens a second after a prompt that is read already. */
async function generationOf(
  session: Session,
  prompt: Int32Array,
  signal: AbortSignal | undefined,
): Promise<number> {
  const stream = session.generate(prompt, drawing(session, signal));
  await stream.next(); // comes from the prompt's logits
  const start = performance.now();
  for (let i = 0; i < drawnTokens; i++) await stream.next();
  const ms = performance.now() - start;
  await stream.return('length');
  return (1000 * drawnTokens) / ms;
}

/** Tokens a second of all sessions, from when all have their first token until all have their last. */
async function together(
  sessions: readonly Session[],
  prompts: readonly Int32Array[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const streams = sessions.map((session, i) =>
    session.generate(prompts[i]!, drawing(session, signal)),
  );
  await Promise.all(streams.map((stream) => stream.next()));
  const start = performance.now();
  await Promise.all(
    streams.map(async (stream) => {
      for (let i = 0; i < drawnTokens; i++) await stream.next();
    }),
  );
  const ms = performance.now() - start;
  await Promise.all(streams.map((stream) => stream.return('length')));
  return (1000 * drawnTokens * sessions.length) / ms;
}

/** The likeliest tokens, none of which ends a reply. */
function drawing(session: Session, signal: AbortSignal | undefined) {
  const bias = new Map(Array.from(session.model.info.ends, (end) => [end, -1e9] as const));
  return { sampling: greedy, maxTokens: drawnTokens + 1, bias, ...(signal && { signal }) };
}

/** Tokens that begin differently for each seed. */
function someTokens(model: Model, n: number, seed: number): Int32Array {
  const { vocabulary } = model.info;
  return Int32Array.from({ length: n }, (_, i) => (104_729 * (seed + 1) + 7919 * i) % vocabulary);
}
