import type { App } from '../app.ts';
import { healthSchema } from '../schemas.ts';
import type { Served } from '../served.ts';

/** Whether the server can answer, for whatever starts and watches it. */
export function healthRoutes(app: App, served: Served): void {
  app.get(
    '/health',
    {
      schema: {
        summary: 'Whether the server is ready',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_, reply) => {
      const { status, opened, scenes } = served;
      if (status !== 'ok') reply.code(503);
      return {
        status,
        model: opened?.model.name ?? null,
        running: scenes.playing.length,
        waiting: opened?.slots.waiting ?? 0,
      };
    },
  );
}
