import type { FastifyReply } from 'fastify';
import type { FollowedScene } from '../../workspace/kept-scenes.ts';
import { SceneFeed, type SceneNews } from '../../workspace/scene-feed.ts';
import { frameText } from '../client-stream.ts';
import type { App } from '../guarded-app.ts';
import { eventPageSchema, eventsQuery, idParams, nothing, streamQuery } from '../schemas.ts';
import { frameOf, openStream, sendNews, sseWriting } from '../send-news.ts';
import type { Served } from '../served.ts';

const defaultPage = 1000;

interface Wanted {
  readonly after: number;
  readonly as: string | undefined;
  readonly kinds: readonly string[] | undefined;
}

/** What happens in scenes: a page of it, or all of it as it happens. */
export function eventRoutes(app: App, served: Served): void {
  const { kept, scenes } = served;

  app.get(
    '/api/conversations/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        summary:
          'Events of a scene: a page of JSON, or by Accept a stream (text/event-stream, application/x-ndjson)',
        params: idParams,
        querystring: eventsQuery,
        response: { 200: eventPageSchema, 204: nothing },
      },
    },
    async ({ params, query, headers }, reply) => {
      const transcript = await kept.follow(params.id);
      const last = Number(headers['last-event-id']);
      const after =
        Number.isSafeInteger(last) && last >= 0 && headers['last-event-id'] !== ''
          ? last
          : (query.after ?? 0);
      const kinds = query.kinds ? query.kinds.split(',') : undefined;
      const wanted: Wanted = { after, as: query.as, kinds };
      const accept = headers.accept ?? '';
      if (accept.includes('text/event-stream'))
        return streamOf(transcript, wanted, reply, 'text/event-stream');
      if (accept.includes('application/x-ndjson'))
        return streamOf(transcript, wanted, reply, 'application/x-ndjson');
      return pageOf(transcript, wanted, query.limit ?? defaultPage);
    },
  );

  async function pageOf(transcript: FollowedScene, { after, as, kinds }: Wanted, limit: number) {
    const id = transcript.id;
    const feed = new SceneFeed(id, { transcript, scenes }, { after, as, kinds });
    const events: object[] = [];
    for (let had = -1; feed.n !== had; ) {
      had = feed.n;
      for (const news of await feed.next()) if (news.kind === 'event') events.push(news.event);
    }
    const page = events.slice(0, limit);
    return { events: page, n: feed.n, running: scenes.isPlaying(id) };
  }

  async function streamOf(
    transcript: FollowedScene,
    wanted: Wanted,
    reply: FastifyReply,
    type: 'text/event-stream' | 'application/x-ndjson',
  ): Promise<FastifyReply> {
    const id = transcript.id;
    const feed = new SceneFeed(id, { transcript, scenes }, wanted);
    const { state } = await kept.read(id);
    const isOver = state.end !== undefined && !scenes.goingOn.includes(id);
    if (isOver && wanted.after === state.n) return reply.code(204).send(null);
    const isSse = type === 'text/event-stream';
    const stream = openStream(served, reply, type);
    await sendNews(served, stream, [feed], {
      textOf: (_, news) => (isSse ? frameText(frameOf(news)) : lineOf(news)),
      ...(isSse && sseWriting),
      endsWithScenes: true,
    }).catch((error: unknown) => {
      if (!stream.signal.aborted) {
        stream.cut();
        throw error;
      }
    });
    return reply;
  }

  app.get(
    '/api/events',
    {
      exposeHeadRoute: false,
      schema: {
        summary:
          'The one stream of a page: how all scenes stand, and all that happens in those it watches',
        querystring: streamQuery,
      },
    },
    async ({ query }, reply) => {
      const feeds: SceneFeed[] = [];
      const asked = query.watch === undefined ? [] : [query.watch].flat();
      for (const one of asked) {
        const [id = '', after = '0'] = one.split(':');
        const transcript = await kept.follow(id);
        feeds.push(
          new SceneFeed(transcript.id, { transcript, scenes }, { after: Number(after) || 0 }),
        );
      }
      const stream = openStream(served, reply, 'text/event-stream');
      const standing = standingOf(served);
      await sendNews(served, stream, feeds, {
        ...sseWriting,
        textOf: (id, news) => frameText(framed(id, news)),
        endsWithScenes: false,
        more: standing,
      }).catch((error: unknown) => {
        if (!stream.signal.aborted) {
          stream.cut();
          throw error;
        }
      });
      return reply;
    },
  );
}

/** The frame that says which scenes go on, when that has changed. */
function standingOf({ scenes }: Served): () => Promise<string> {
  let last: string | undefined;
  return async () => {
    const data = JSON.stringify({ running: scenes.playing, goingOn: scenes.goingOn });
    if (data === last) return '';
    last = data;
    return frameText({ event: 'state', data });
  };
}

/** A frame of a stream of several scenes: each says which one it is about. */
function framed(id: string, news: SceneNews) {
  if (news.kind === 'event') return { event: 'event', data: { id, event: news.event } };
  const { event, data } = frameOf(news);
  return { event, data: { id, ...(data as object) } };
}

const lineOf = (news: SceneNews): string =>
  news.kind === 'event' ? `${JSON.stringify(news.event)}\n` : '';
