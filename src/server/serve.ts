import { DramatisError } from '../errors.ts';
import type { Dramatis } from '../workspace/dramatis.ts';
import { type AppOptions, makeApp } from './app.ts';
import type { App } from './guarded-app.ts';
import { isLoopback } from './guards.ts';
import { Served, type ServedOptions } from './served.ts';

export interface ServeOptions extends ServedOptions, AppOptions {
  readonly port: number;
  /** Lets anybody in who can reach an address that is not this machine's own. */
  readonly isOpenToAll?: boolean | undefined;
}

/** A server that listens. */
export interface Server extends AsyncDisposable {
  /** Such as "http://127.0.0.1:8123". */
  readonly url: string;
  readonly served: Served;
  /**
   * Lets nobody new in, stops what is being said within a step of the engine and keeps it, says goodbye to whoever watches,
   * and ends. Idempotent.
   */
  close(): Promise<void>;
}

/** Milliseconds for which readers who take nothing are waited for at the end. */
const drainMs = 1_000;

/**
 * Starts a server: it answers at once, opens its model meanwhile, and goes on with the scenes that went on when the last one
 * of this home ended.
 *
 * @throws {DramatisError} USAGE for an address that others can reach, without a key; PORT_TAKEN.
 */
export async function serve(dramatis: Dramatis, options: ServeOptions): Promise<Server> {
  const { host, port, keys = [], isOpenToAll } = options;
  if (!isLoopback(host) && keys.length === 0 && !isOpenToAll)
    throw new DramatisError(
      'USAGE',
      `${host} can be reached from other machines, and no key is set`,
      {
        remedy: 'Give --api-key-file FILE, or --unsafe-no-key if anybody may do everything.',
      },
    );
  const served = new Served(dramatis, options);
  const server = await listening(served, await makeApp(served, options), { host, port });
  openEngine(served).then(
    () => served.scenes.resumeAll().catch((error: unknown) => warn(dramatis, error)),
    () => {}, // it was said
  );
  return server;
}

/** Opens a server's engine while it answers already, and says what went wrong: it is tried again with the next request. */
export async function openEngine(served: Served): Promise<void> {
  try {
    await served.engine();
  } catch (error) {
    if (!served.stopping.signal.aborted) warn(served.dramatis, error);
    throw error;
  }
}

const warn = (dramatis: Dramatis, error: unknown): void =>
  dramatis.report({
    kind: 'warning',
    text: error instanceof Error ? error.message : String(error),
  });

/**
 * A server of some routes, once it listens.
 *
 * @throws {DramatisError} USAGE for a port that is taken, or cannot be listened on.
 */
export async function listening(
  served: Served,
  app: App,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  app.addHook('preClose', async () => {
    // Streams have said goodbye by now, but for those of readers who take nothing.
    served.streams.cutAll();
  });
  const url = await listen(app, host, port);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await served.close();
    for (const end = Date.now() + drainMs; served.streams.count > 0 && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    await app.close();
  };
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  return { url, served, close: closeOnce, [Symbol.asyncDispose]: closeOnce };
}

async function listen(app: App, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    const why = code === 'EADDRINUSE' ? 'is taken' : 'cannot be listened on';
    throw new DramatisError('USAGE', `port ${port} of ${host} ${why}`, {
      cause: error,
      remedy: 'Give another --port, or 0 for any that is free.',
    });
  }
}
