import type { App } from '../guarded-app.ts';
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
        model: opened?.modelName ?? null,
        running: scenes.playing.length,
        waiting: opened?.slots.waiting ?? 0,
      };
    },
  );

  app.get(
    '/metrics',
    { schema: { summary: 'What is counted, in the text format of Prometheus' } },
    (_, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(served.metrics.text()),
  );
}
