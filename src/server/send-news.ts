import type { FastifyReply } from 'fastify';
import type { SceneFeed, SceneNews } from '../workspace/scene-feed.ts';
import { ClientStream, type Frame, frameText, pingMs } from './client-stream.ts';
import { Refusal } from './failure.ts';
import type { Served } from './served.ts';

/** How often a stream looks for what other processes have written, in milliseconds. */
const lookMs = 250;
/** Milliseconds after which a browser whose stream has broken off asks again. */
const retryMs = 1_000;

/** Another stream, unless there are as many as there may be. */
export function openStream(served: Served, reply: FastifyReply, type: string): ClientStream {
  const { streams } = served;
  if (streams.count >= streams.most)
    throw new Refusal(429, 'too_many_streams', `${streams.count} streams are open already`, {
      remedy: 'Close one of them, or ask again in a while.',
      retryAfter: 5,
    });
  const stream = new ClientStream(reply, type);
  streams.add(stream);
  return stream;
}

/** How what comes of scenes is written. */
export interface Writing {
  /** The text of one piece of news of one scene; empty for what this reader does not get. */
  readonly textOf: (id: string, news: SceneNews) => string;
  /** Sent first of all. */
  readonly head?: string | undefined;
  /** Sent while nothing happens; nothing is if it is left out. */
  readonly ping?: string | undefined;
  /** Sent when the server is being stopped. */
  readonly bye?: string | undefined;
  /** Whether the stream ends when all scenes are over. */
  readonly endsWithScenes: boolean;
  /** What else there is to say, asked each time something has happened. */
  readonly more?: (() => Promise<string>) | undefined;
}

/** Frames of server-sent events that every stream has in common. */
export const sseWriting = {
  head: `retry: ${retryMs}\n\n`,
  ping: ': ping\n\n',
  bye: frameText({ event: 'bye', data: { retryMs } }),
} as const;

/**
 * Writes what comes of some scenes until the reader leaves, the scenes are over, or the server is being stopped. Everything is
 * read when the reader can take it; who is slow misses nothing but how words came one by one.
 */
export async function sendNews(
  served: Served,
  stream: ClientStream,
  feeds: readonly SceneFeed[],
  writing: Writing,
): Promise<void> {
  const { scenes, stopping } = served;
  const { textOf, head, ping, bye, endsWithScenes, more } = writing;
  let isSlow = head !== undefined && (await stream.write(head));
  let spokenAt = performance.now();
  while (!stopping.signal.aborted) {
    const { rung } = scenes.bell;
    let text = (await more?.()) ?? '';
    for (const feed of feeds)
      for (const news of await feed.next(isSlow)) text += textOf(feed.id, news);
    const now = performance.now();
    if (text === '' && ping !== undefined && now - spokenAt >= pingMs) text = ping;
    if (text !== '') {
      isSlow = await stream.write(text);
      spokenAt = now;
    } else if (endsWithScenes && feeds.every(({ isOver }) => isOver)) break;
    else if (scenes.bell.rung === rung)
      await somethingHappens(served, [stream.signal, stopping.signal]);
  }
  stream.end(stopping.signal.aborted ? bye : '');
}

/** Waits until a scene rings, a signal aborts, or it is time to look at what others do. */
function somethingHappens({ scenes }: Served, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      waiting[Symbol.dispose]();
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, lookMs);
    const waiting = scenes.bell.onNext(done);
    for (const signal of signals) signal.addEventListener('abort', done, { once: true });
  });
}

/** A piece of news as a frame of the stream of one scene. */
export function frameOf(news: SceneNews): Frame {
  switch (news.kind) {
    case 'event':
      return { event: news.event.kind, id: news.event.n, data: news.event };
    case 'token': {
      const { turn, at, who, text } = news;
      return { event: 'token', data: { turn, at, who, text } };
    }
    case 'draft': {
      const { turn, who, text } = news;
      return { event: 'draft', data: { turn, who, text } };
    }
    case 'resync':
      return { event: 'resync', data: {} };
  }
}
