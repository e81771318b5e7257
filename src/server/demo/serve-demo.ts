import type { Dramatis } from '../../workspace/dramatis.ts';
import { findSpeaker, listSpeakers } from '../../workspace/speaker-names.ts';
import { makeGuardedApp } from '../guarded-app.ts';
import { listening, openEngine, type Server } from '../serve.ts';
import { Served } from '../served.ts';
import { type DemoAppOptions, makeDemoApp } from './demo-app.ts';
import { demoLimits } from './demo-limits.ts';

export interface ServeDemoOptions extends DemoAppOptions {
  readonly port: number;
  /** Default: the model in use. */
  readonly model?: string | undefined;
  /** Files of plays that are in no catalogue. */
  readonly plays?: readonly string[] | undefined;
  /** Port of this machine alone at which what is counted can be read; 0: any that is free. */
  readonly metricsPort?: number | undefined;
}

/** A demo that listens. */
export interface DemoServer extends Server {
  /** Where what is counted can be read; undefined where it is not. */
  readonly metricsUrl: string | undefined;
}

/** Speakers that are kept with what they have read, though one speaks at a time: their personas need not be read again. */
const slots = 4;

/**
 * Starts a server for strangers: see `makeDemoApp`. It answers at once, and lets turns in once its model and the
 * memories of its plays are open.
 *
 * @throws {DramatisError} USAGE for a port that is taken.
 */
export async function serveDemo(
  dramatis: Dramatis,
  { port, model, plays, metricsPort, ...options }: ServeDemoOptions,
): Promise<DemoServer> {
  const limits = { streams: 2 * (demoLimits.waiting + 1), waiting: demoLimits.waiting };
  const { window } = demoLimits;
  const served = new Served(dramatis, { model, plays, slots, window, limits });
  const { host } = options;
  let isReady = false;
  const app = await makeDemoApp(served, { ...options, isReady: () => isReady });
  const server = await listening(served, app, { host, port });
  const metrics = metricsPort === undefined ? undefined : metricsApp(served);
  const metricsUrl = await metrics?.listen({ host: '127.0.0.1', port: metricsPort! });
  openEngine(served)
    .then(async () => {
      // The first play opens what all share; turns are let in while the others are made ready.
      for await (const _play of warmed(served, options.memory)) isReady = true;
    })
    .catch((error: unknown) => {
      // Whoever comes first then waits for it, or hears what is wrong.
      if (!served.stopping.signal.aborted) options.fault?.(error);
    })
    .finally(() => {
      isReady = true;
    });
  const close = async (): Promise<void> => {
    await server.close();
    await metrics?.close();
  };
  return { ...server, metricsUrl, close, [Symbol.asyncDispose]: close };
}

/** Opens what the first turn of each play needs, so that its visitor does not wait for the memory of a play to be made. */
async function* warmed(served: Served, memory: boolean | undefined): AsyncGenerator<string> {
  const speakers = await served.speakers();
  const { signal } = served.stopping;
  const plays = new Set<string>();
  for (const { id, play } of await listSpeakers(served.plays)) {
    if (plays.has(play)) continue;
    plays.add(play);
    const name = await findSpeaker(served.plays, id);
    using lease = await speakers.lease({ name, memory, signal });
    await lease.actor!.actor.prepare(signal);
    yield play;
  }
}

/** What is counted, for whoever runs the server: visitors cannot reach it. */
function metricsApp({ metrics }: Served) {
  const app = makeGuardedApp(metrics, { host: '127.0.0.1', remedyOfPath: 'See /metrics.' });
  app.get('/metrics', (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text()),
  );
  return app;
}
