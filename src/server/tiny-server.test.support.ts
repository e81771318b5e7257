import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { Dramatis } from '../workspace/dramatis.ts';
import { makeApp } from './app.ts';
import type { App } from './guarded-app.ts';
import { type ServeOptions, type Server, serve } from './serve.ts';
import { Served } from './served.ts';

/** A home with a random model and an invented play, in which servers are started one after another. */
export class TinyHome implements Disposable {
  readonly #at = mkdtempSync(join(tmpdir(), 'dramatis-server-'));
  /** What went wrong inside a server; tests expect nothing. */
  readonly faults: unknown[] = [];

  async prepare(): Promise<void> {
    await writeTinyModel(this.#file('tiny.gguf'), { context: 1024 });
    writeFileSync(this.#file('lantern.md'), printings.Markdown!);
  }

  /** What a server is opened with. */
  get options() {
    return { model: this.#file('tiny.gguf'), window: 1024, plays: [this.#file('lantern.md')] };
  }

  get folder(): string {
    return this.#at;
  }

  async open(): Promise<Dramatis> {
    return Dramatis.open({
      hub: { env: { DRAMATIS_HOME: this.#file('home') }, offline: true },
      compute: { gpu: 'off' },
    });
  }

  /** A server on a port of its own. */
  async serve(dramatis: Dramatis, options: Partial<ServeOptions> = {}): Promise<Server> {
    return serve(dramatis, {
      ...{ ...this.options, host: '127.0.0.1', port: 0, slots: 4 },
      fault: (error) => this.faults.push(error),
      ...options,
    });
  }

  #file(name: string): string {
    return join(this.#at, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#at, { recursive: true, force: true });
  }
}

/** What all tests of a file share; it is there once they have begun. */
interface Opened {
  readonly home: TinyHome;
  dramatis: Dramatis;
}

/** A home and what is open in it, for all tests of a file. */
export function openedHome(): Opened {
  const opened: Partial<Opened> & Pick<Opened, 'home'> = { home: new TinyHome() };
  beforeAll(async () => {
    await opened.home.prepare();
    opened.dramatis = await opened.home.open();
  });
  afterAll(() => {
    opened.dramatis?.[Symbol.dispose]();
    opened.home[Symbol.dispose]();
  });
  return opened as Opened;
}

/** A home and a server of it that listens, for all tests of a file. */
export function servedHome(): Opened & { server: Server } {
  const opened = openedHome() as Opened & { server: Server };
  beforeAll(async () => {
    opened.server = await opened.home.serve(opened.dramatis);
  });
  afterAll(() => opened.server?.close());
  return opened;
}

/** A home and the routes of a server with an open engine, which requests are put into without a socket. */
export function routedHome(): Opened & { served: Served; app: App } {
  const opened = openedHome() as Opened & { served: Served; app: App };
  beforeAll(async () => {
    const { home, dramatis } = opened;
    opened.served = new Served(dramatis, { ...home.options, slots: 4 });
    await opened.served.engine();
    const fault = (error: unknown) => home.faults.push(error);
    opened.app = await makeApp(opened.served, { host: '127.0.0.1', fault });
    await opened.app.ready();
  });
  afterAll(async () => {
    await opened.served?.close();
    await opened.app?.close();
  });
  return opened;
}

/** A scene of the play, two who speak, as it is asked for. */
export const twoSpeak = {
  ...{ play: 'lantern', cast: ['marta', 'bruno'], director: 'round-robin', memory: false },
  ...{ turns: 2, maxTokens: 6, seed: 5 },
} as const;

/** Asks a server for something as its page does. */
export async function ask(
  url: string,
  path: string,
  {
    body,
    method,
    headers,
    signal,
  }: {
    readonly body?: unknown;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      'x-dramatis': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}

/** Waits until a claim holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The frames of a stream of server-sent events. */
export function framesOf(text: string) {
  return text
    .split('\n\n')
    .filter((one) => one.includes('data: '))
    .map((one) => ({
      event: /^event: (.*)$/m.exec(one)?.[1],
      id: /^id: (.*)$/m.exec(one)?.[1],
      data: /^data: (.*)$/m.exec(one)![1]!,
    }));
}
