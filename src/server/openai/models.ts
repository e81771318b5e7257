import { embeddingModel } from '../../hub/catalogue.ts';
import { findSpeaker, listSpeakers } from '../../workspace/speaker-names.ts';
import type { App } from '../guarded-app.ts';
import { idParams } from '../schemas.ts';
import type { Served } from '../served.ts';
import { modelParams, modelSchema, modelsSchema } from './schemas.ts';

interface Entry {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
  readonly meta?: object;
}

/** Characters, and the models themselves, as OpenAI's API lists models. */
export function modelRoutes(app: App, served: Served): void {
  const created = Math.floor(Date.now() / 1000);
  const entry = (id: string, meta?: object): Entry => ({
    ...{ id, object: 'model', created, owned_by: 'dramatis' },
    ...(meta && { meta }),
  });

  const bare = async (): Promise<readonly Entry[]> => {
    const { model, modelName, cache } = await served.engine();
    return [
      entry(modelName, {
        window: cache.window,
        size: model.model.info.bytes,
        n_params: model.model.info.parameters,
      }),
      entry(embeddingModel),
    ];
  };

  app.get(
    '/v1/models',
    { schema: { summary: 'Whom one can talk with', response: { 200: modelsSchema } } },
    async () => {
      const { cache } = await served.engine();
      const speakers = await listSpeakers(served.plays);
      const data = speakers.map(({ id, play, character }) =>
        entry(id, { play, character, window: cache.window }),
      );
      return { object: 'list' as const, data: [...(await bare()), ...data] };
    },
  );

  const find = async (id: string): Promise<Entry> => {
    const own = (await bare()).find((one) => one.id === id);
    if (own) return own;
    const { play, character, at, adapter } = await findSpeaker(served.plays, id);
    if (adapter !== undefined) await served.dramatis.registry().get(adapter);
    const { cache } = await served.engine();
    return entry(id, { play: play.id, character, at, adapter, window: cache.window });
  };

  app.get(
    '/v1/models/:id',
    {
      schema: {
        summary: 'One model: "hamlet", "hamlet@3.1", "hamlet@3.1+ADAPTER"',
        params: idParams,
        response: { 200: modelSchema },
      },
    },
    ({ params }) => find(params.id),
  );

  app.get(
    '/v1/models/:play/:id',
    {
      schema: {
        summary: 'One model, with its play: "macbeth/lady-macbeth"',
        params: modelParams,
        response: { 200: modelSchema },
      },
    },
    ({ params }) => find(`${params.play}/${params.id}`),
  );
}
