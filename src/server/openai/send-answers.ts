import type { FastifyReply } from 'fastify';
import type { AnswersNews } from '../../actor/answer-together.ts';
import type { TokenOdds } from '../../engine/session/token-odds.ts';
import { type ClientStream, frameText, pingMs } from '../client-stream.ts';
import { failureOf } from '../failure.ts';
import { openStream } from '../send-news.ts';
import type { Served } from '../served.ts';

/** Milliseconds in which what is wrong is still answered with a status; after that the stream has begun. */
const patienceMs = 500;

/** What answers have cost. */
export interface AnswersUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
}

/** Answers that are whole. */
export interface WholeAnswers {
  readonly texts: readonly string[];
  readonly odds: readonly (readonly TokenOdds[])[];
  readonly done: readonly Extract<AnswersNews, { kind: 'done' }>[];
  readonly read: Extract<AnswersNews, { kind: 'read' }>;
}

/** Counts answers on their way. */
export async function* countedAnswers(
  { metrics }: Served,
  news: AsyncGenerator<AnswersNews>,
): AsyncGenerator<AnswersNews> {
  const start = performance.now();
  let hasBegun = false;
  for await (const one of news) {
    if (one.kind === 'read') {
      metrics.count('dramatis_prompt_tokens_total', one.promptTokens);
      metrics.count('dramatis_reused_tokens_total', one.reusedTokens);
    } else if (one.kind === 'done') metrics.count('dramatis_generated_tokens_total', one.tokens);
    else if (!hasBegun) {
      hasBegun = true;
      metrics.observe('dramatis_first_token_seconds', (performance.now() - start) / 1000);
    }
    yield one;
  }
}

/** Takes answers to their end. */
export async function wholeAnswers(
  news: AsyncIterable<AnswersNews>,
  count: number,
): Promise<WholeAnswers> {
  const texts = Array.from({ length: count }, () => '');
  const odds = Array.from({ length: count }, (): TokenOdds[] => []);
  const done: Extract<AnswersNews, { kind: 'done' }>[] = [];
  let read: Extract<AnswersNews, { kind: 'read' }> | undefined;
  for await (const one of news) {
    if (one.kind === 'read') read = one;
    else if (one.kind === 'done') done[one.part] = one;
    else {
      texts[one.part] += one.text;
      odds[one.part]!.push(...one.odds);
    }
  }
  if (!read) throw new Error('answers ended before anything was read');
  return { texts, odds, done, read };
}

/** The usage of some answers. */
export function usageOf(
  { promptTokens, reusedTokens }: Extract<AnswersNews, { kind: 'read' }>,
  tokens: readonly number[],
): AnswersUsage {
  const completion = tokens.reduce((sum, one) => sum + one, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
    prompt_tokens_details: { cached_tokens: reusedTokens },
  };
}

/** How answers are written down in chunks. */
export interface Chunks {
  /** Frames of one piece of news. */
  readonly of: (news: AnswersNews) => readonly object[];
  /** The frame at the end that says what it has cost; nothing where it was not asked for. */
  readonly usage: ((usage: AnswersUsage) => object) | undefined;
}

/**
 * Sends answers as they are drawn. What goes wrong before anything is said is thrown, to be answered with a status; what goes
 * wrong later is a frame of its own, after which nothing comes, not even the sign that all is well.
 */
export async function streamAnswers(
  served: Served,
  reply: FastifyReply,
  news: AsyncGenerator<AnswersNews>,
  chunks: Chunks,
): Promise<void> {
  const first = news.next();
  let step = await Promise.race([first, after(patienceMs)]);
  const stream = openStream(served, reply, 'text/event-stream; charset=utf-8');
  const ping = setInterval(() => void stream.write(': ping\n\n').catch(() => {}), pingMs);
  try {
    step ??= await first;
    let read: Extract<AnswersNews, { kind: 'read' }> | undefined;
    const tokens: number[] = [];
    for (; !step.done; step = await news.next()) {
      const one = step.value;
      if (one.kind === 'read') read = one;
      if (one.kind === 'done') tokens.push(one.tokens);
      const text = chunks
        .of(one)
        .map((data) => frameText({ data }))
        .join('');
      if (text !== '') await stream.write(text);
    }
    const usage = read && chunks.usage?.(usageOf(read, tokens));
    stream.end(`${usage ? frameText({ data: usage }) : ''}data: [DONE]\n\n`);
  } catch (error) {
    await broken(stream, error);
  } finally {
    clearInterval(ping);
    await news.return(undefined);
  }
}

async function broken(stream: ClientStream, error: unknown): Promise<void> {
  if (stream.signal.aborted) return;
  stream.end(frameText({ data: failureOf(error).body }));
}

const after = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
