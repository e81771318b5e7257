import { slotOf } from '../../registry/version.ts';
import type { App } from '../guarded-app.ts';
import { actBody, actParams, adaptersSchema } from '../schemas.ts';
import type { Served } from '../served.ts';

/** Versions of adapters: what was measured of them, and which are in use. */
export function adapterRoutes(app: App, { dramatis }: Served): void {
  app.get(
    '/api/adapters',
    {
      schema: {
        summary: 'Versions of adapters, the newest first',
        response: { 200: adaptersSchema },
      },
    },
    async () => {
      const registry = dramatis.registry();
      const { versions } = await registry.list();
      const inUse = new Set((await registry.promotions()).map(({ stack }) => stack.at(-1)));
      const adapters = [];
      for (const version of versions) {
        const { id, play, character, base, form, date, bytes, parent, by, note } = version;
        const metrics = await registry.metrics(version);
        const isPromoted = inUse.has(id);
        adapters.push({
          ...{ id, play, character, base: base.name, form, date, bytes, parent, by, note },
          ...{ metrics, isPromoted },
        });
      }
      return { adapters };
    },
  );

  app.post(
    '/api/adapters/:id/:act',
    {
      schema: {
        summary: 'Puts a version in use, if the gate lets it, or goes back to the one before',
        params: actParams,
        body: actBody,
      },
    },
    async ({ params, body }) => {
      const registry = dramatis.registry();
      const version = await registry.get(params.id);
      const { reason = 'asked for through the server' } = body;
      if (params.act === 'promote') await registry.promote(version.id, { by: 'server' });
      else {
        await registry.rollback(slotOf(version), { by: 'server', reason });
      }
      const inUse = (await registry.promotions()).some(({ stack }) => stack.at(-1) === version.id);
      return { id: version.id, isPromoted: inUse };
    },
  );
}
