import { exportNames } from '../../stage/export/export-names.ts';
import { sceneExports } from '../../stage/export/exports.ts';
import { stateOf } from '../../stage/state.ts';
import { parseLeverNames } from '../../steer/lever-names.ts';
import { type SceneSummary, summaryOf } from '../../workspace/kept-scenes.ts';
import { publicEvent } from '../../workspace/public-event.ts';
import type { NewScene } from '../../workspace/running-scenes.ts';
import type { SceneCommand } from '../../workspace/scene-commands.ts';
import { clientGone } from '../client-gone.ts';
import { Refusal } from '../failure.ts';
import type { App } from '../guarded-app.ts';
import { RecentAnswers } from '../recent-answers.ts';
import {
  type CommandBody,
  commandBody,
  exportQuery,
  forkBody,
  headSchema,
  idParams,
  listQuery,
  type NewSceneBody,
  newSceneBody,
  nothing,
  type Standing,
  snapshotSchema,
  summariesSchema,
} from '../schemas.ts';
import type { Served } from '../served.ts';

/** Types of what a scene is written down as. */
const exportTypes: Readonly<Record<string, string>> = {
  '.md': 'text/markdown; charset=utf-8',
  '.fountain': 'text/plain; charset=utf-8',
  '.xml': 'application/tei+xml; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
};
const defaultPage = 100;

/** Scenes: begun, listed, looked at, changed, forked, written down, thrown away. */
export function conversationRoutes(app: App, served: Served): void {
  const { kept, scenes } = served;
  const answers = new RecentAnswers();
  const summaryNow = (summary: SceneSummary) => {
    const { n: _, state, ...rest } = summary;
    return { ...rest, cast: [...rest.cast], state: standing(state, scenes.isPlaying(summary.id)) };
  };

  app.post(
    '/api/conversations',
    {
      schema: {
        summary: 'Begins a scene',
        body: newSceneBody,
        response: { 201: headSchema },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const head = await answers.once(keyOf(request), async () => {
        const begun = await scenes.begin(requestOf(body), clientGone(reply));
        if (!body.start) return begun;
        return { ...begun, n: await scenes.command(begun.id, { do: 'start' }) };
      });
      reply.code(201).header('location', `/api/conversations/${head.id}`);
      return { ...head, state: scenes.isPlaying(head.id) ? 'running' : 'paused' };
    },
  );

  app.get(
    '/api/conversations',
    {
      schema: {
        summary: 'Scenes, what was gone on with last first',
        querystring: listQuery,
        response: { 200: summariesSchema },
      },
    },
    async ({ query }) => {
      const { state, play, q, before, limit = defaultPage } = query;
      const found = (await kept.list({ play, q }))
        .map(summaryNow)
        .filter((one) => !state || one.state === state)
        .filter(({ last, id }) => before === undefined || `${last} ${id}` < before);
      const page = found.slice(0, limit);
      const end = page.at(-1);
      const isMore = found.length > limit && end !== undefined;
      return { conversations: page, ...(isMore && { next: `${end.last} ${end.id}` }) };
    },
  );

  app.get(
    '/api/conversations/:id',
    {
      schema: {
        summary: 'A scene as it stands',
        params: idParams,
        response: { 200: snapshotSchema, 304: nothing },
      },
    },
    async ({ params, headers }, reply) => {
      const scene = await kept.read(params.id);
      const summary = summaryOf(scene);
      if (!summary) throw new Refusal(422, 'transcript_unreadable', 'its opening is damaged');
      const { state } = scene;
      const tag = `"${state.n}"`;
      reply.header('etag', tag).header('cache-control', 'no-cache');
      const draft = scenes.draft(scene.id);
      if (headers['if-none-match'] === tag && !draft) return reply.code(304).send(null);
      return {
        ...{ summary: summaryNow(summary), n: state.n, running: scenes.isPlaying(scene.id) },
        ...{ stage: [...state.onStage], turns: [...state.turns] },
        ...(draft && { draft }),
      };
    },
  );

  app.post(
    '/api/conversations/:id/commands',
    {
      schema: {
        summary: 'Has something done in a scene',
        params: idParams,
        body: commandBody,
        response: { 202: headSchema },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const head = await answers.once(keyOf(request), async () => {
        const id = await idOf(served, params.id);
        await requireCurrent(served, id, body.if);
        return { id, n: await scenes.command(id, commandOf(body)) };
      });
      return reply.code(202).send(head);
    },
  );

  app.post(
    '/api/conversations/:id/forks',
    {
      schema: {
        summary: 'Begins a scene with the beginning of another',
        params: idParams,
        body: forkBody,
        response: { 201: headSchema },
      },
    },
    async (request, reply) => {
      const { at, changes } = request.body;
      const id = await idOf(served, request.params.id);
      const head = await answers.once(keyOf(request), () =>
        scenes.fork(id, { at, seed: changes?.seed }),
      );
      reply.code(201).header('location', `/api/conversations/${head.id}`);
      return head;
    },
  );

  app.get(
    '/api/conversations/:id/export',
    { schema: { summary: 'A scene, written down', params: idParams, querystring: exportQuery } },
    async ({ params, query }, reply) => {
      const scene = await kept.read(params.id);
      const records = scene.records.map(publicEvent);
      const name = scene.id;
      const attach = (ending: string) =>
        reply
          .type(exportTypes[ending] ?? 'text/plain; charset=utf-8')
          .header('content-disposition', `attachment; filename="${name}${ending}"`);
      if (query.as === 'jsonl')
        return attach('.jsonl').send(
          records.map((record) => `${JSON.stringify(record)}\n`).join(''),
        );
      const as = exportNames.find((one) => one === query.as);
      if (as === undefined)
        throw new Refusal(400, 'invalid_value', `nothing is written down as "${query.as}"`, {
          param: 'as',
          remedy: `Give one of ${['jsonl', ...exportNames].join(', ')}.`,
        });
      const { ending, write } = sceneExports[as];
      return attach(ending).send(write(stateOf(records)));
    },
  );

  app.delete(
    '/api/conversations/:id',
    { schema: { summary: 'Moves a scene to the trash', params: idParams } },
    async ({ params }, reply) => {
      const id = await idOf(served, params.id);
      await scenes.release(id);
      await kept.discard(id);
      return reply.code(204).send();
    },
  );
}

/** The whole id of a scene. */
async function idOf({ kept }: Served, given: string): Promise<string> {
  return (await kept.find(given)).id;
}

/** @throws {Refusal} 409 if something has happened since the event that the request is about. */
async function requireCurrent(
  { kept, scenes }: Served,
  id: string,
  expected: number | undefined,
): Promise<void> {
  if (expected === undefined) return;
  const n = scenes.head(id) ?? (await kept.read(id)).state.n;
  if (n === expected) return;
  throw new Refusal(409, 'stale', `the scene is at event ${n}, not at ${expected}`, {
    remedy: 'Look at what has happened, then ask again.',
    beside: { n },
  });
}

/** A key with which the same request may be sent twice: of one path it means one thing. */
function keyOf(request: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly url: string;
}): string | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? `${request.url} ${key}` : undefined;
}

function standing(state: SceneSummary['state'], isPlaying: boolean): Standing {
  if (isPlaying) return 'running';
  return state === 'open' ? 'paused' : state;
}

function requestOf(body: NewSceneBody): NewScene {
  const { cast, director, addressing, turns, seconds, adapters, steer, start: _, ...rest } = body;
  return {
    ...rest,
    names: cast,
    policy: director,
    isAddressing: addressing,
    limits: {
      ...(turns !== undefined && { turns }),
      ...(seconds !== undefined && { time: seconds }),
    },
    ...(adapters && { adapters: new Map(Object.entries(adapters)) }),
    ...(steer !== undefined && { steer: parseLeverNames(steer) }),
  };
}

function commandOf(body: CommandBody): SceneCommand {
  const { if: _, ...command } = body;
  if (command.do !== 'say') return command;
  const { aside, ...said } = command;
  return { ...said, isAside: aside };
}
