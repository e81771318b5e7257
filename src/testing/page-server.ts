import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Recorded, StageEvent } from '../stage/events.ts';
import { advance, type StageState, stateOf } from '../stage/state.ts';
import { audience } from '../stage/view.ts';

const built = fileURLToPath(new URL('../../dist/server/page/', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the real server sends with the page. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

interface Scene {
  readonly records: Recorded[];
  state: StageState;
  isRunning: boolean;
  draft: { turn: number; who: string; text: string } | undefined;
  timer?: ReturnType<typeof setTimeout>;
}

/** A stream of one page: what it watches, and where to write. */
interface Listener {
  readonly response: ServerResponse;
  readonly ids: ReadonlySet<string>;
}

/**
 * A server of the page with scenes that need no model: who speaks goes round, the words are given, and tokens come as fast
 * as they are wanted. For what a real model cannot be relied on to do: 200 tokens a second, a thousand turns, markup as
 * speech.
 */
export class PageServer {
  readonly scenes = new Map<string, Scene>();
  /** Paths of all that was asked for. */
  readonly asked: string[] = [];
  /** What is said, over and over. */
  texts: readonly string[] = [
    'A ship is in sight.',
    'Then light the lamp, and let them see it from the bay.',
  ];
  tokenMs = 20;
  /** How long every command waits before it is carried out. */
  commandMs = 0;
  /** What everybody has to sign in with; nobody has to where it is undefined. */
  key: string | undefined;
  /** Answers of routes that have no scene in them, by path. */
  readonly answers = new Map<string, unknown>();
  readonly #listeners = new Set<Listener>();
  #server: Server | undefined;
  #said = 0;

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  async listen(port = 0): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const scene of this.scenes.values()) clearTimeout(scene.timer);
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
    this.#listeners.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Puts a scene there, as its journal has it. */
  add(id: string, events: readonly (StageEvent | Recorded)[]): void {
    const records = events.map(
      (event, i): Recorded => ({
        n: i + 1,
        time: new Date(1e12 + 1000 * i).toISOString(),
        ...event,
      }),
    );
    this.scenes.set(id, { records, state: stateOf(records), isRunning: false, draft: undefined });
  }

  /** Appends an event to a scene and tells it to all who watch. */
  append(id: string, event: StageEvent): void {
    const scene = this.scenes.get(id)!;
    const recorded = { n: scene.state.n + 1, time: new Date().toISOString(), ...event } as Recorded;
    scene.records.push(recorded);
    scene.state = advance(scene.state, recorded);
    this.#tell(id, 'event', { id, event: recorded });
  }

  /** Has the next of those on stage say something, token by token. */
  speak(id: string, text: string, after: () => void = () => {}): void {
    const scene = this.scenes.get(id)!;
    const { onStage } = scene.state;
    const last = scene.state.turns.at(-1)?.who ?? '';
    const chosen = onStage[(onStage.indexOf(last) + 1) % onStage.length]!;
    const probabilities = onStage.map((name) =>
      name === chosen ? 0.7 : 0.3 / (onStage.length - 1),
    );
    this.append(id, { kind: 'next', candidates: onStage, probabilities, chosen, by: 'random' });
    const pieces = piecesOf(text);
    scene.draft = { turn: scene.state.n + 1, who: chosen, text: '' };
    const begun = performance.now();
    const say = (i: number): void => {
      const { draft } = scene;
      if (!draft) return;
      if (i < pieces.length) {
        this.#tell(id, 'token', { id, turn: draft.turn, at: draft.text.length, text: pieces[i] });
        draft.text += pieces[i];
        scene.timer = setTimeout(
          say,
          Math.max(0, begun + (i + 1) * this.tokenMs - performance.now()),
          i + 1,
        );
        return;
      }
      scene.draft = undefined;
      const heard = audience(scene.state, chosen);
      this.append(id, {
        ...{
          kind: 'turn',
          who: chosen,
          playedBy: 'model',
          heard,
          text,
          tokens: pieces.map((_, k) => k),
        },
        ms: { first: this.tokenMs, all: this.tokenMs * pieces.length },
      });
      after();
    };
    scene.timer = setTimeout(say, this.tokenMs, 0);
  }

  #run(id: string): void {
    const scene = this.scenes.get(id)!;
    if (!scene.isRunning) return;
    const text = this.texts[this.#said++ % this.texts.length]!;
    this.speak(id, text, () => this.#run(id));
  }

  /** An answer as OpenAI's API streams it; who leaves hears no more of it. */
  #chat(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = this.texts[this.#said++ % this.texts.length]!;
    const say = (rest: readonly string[]): void => {
      const [content, ...more] = rest;
      if (response.destroyed) return;
      if (content === undefined) return void response.end('data: [DONE]\n\n');
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
      setTimeout(say, this.tokenMs, more);
    };
    say(piecesOf(text));
  }

  #setRunning(id: string, isRunning: boolean): void {
    this.scenes.get(id)!.isRunning = isRunning;
    for (const { response } of this.#listeners) response.write(this.#state());
  }

  #state(): string {
    const goingOn = [...this.scenes].filter(([, { isRunning }]) => isRunning).map(([id]) => id);
    return `event: state\ndata: ${JSON.stringify({ goingOn })}\n\n`;
  }

  #tell(id: string, kind: string, data: object): void {
    for (const { response, ids } of this.#listeners)
      if (ids.has(id)) response.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://page.test');
    this.asked.push(`${request.method} ${url.pathname}`);
    const [, api, , id, part] = url.pathname.split('/');
    if (api !== 'api' && api !== 'v1' && api !== 'login') return this.#file(url.pathname, response);
    if (url.pathname === '/login') return this.#signIn(await bodyOf(request), response);
    if (this.key !== undefined && !request.headers.cookie?.includes(`key=${this.key}`))
      return json(response, 401, { error: { message: 'a key is wanted', code: 'key_wanted' } });
    if (url.pathname === '/v1/chat/completions') return this.#chat(response);
    if (url.pathname === '/api/events') return this.#stream(url, response);
    if (url.pathname.startsWith('/api/conversations') && part !== 'measures') {
      if (id === undefined) return json(response, 200, { conversations: this.#list(url) });
      const scene = this.scenes.get(id);
      if (!scene) return unknown(response, `no scene here is called "${id}"`);
      if (part === undefined) return json(response, 200, { n: scene.state.n });
      if (part === 'events') return this.#events(scene, url, response);
      const body = await bodyOf(request);
      await sleep(this.commandMs);
      return this.#command(id, JSON.parse(body), response);
    }
    const given =
      this.answers.get(`${url.pathname}${url.search}`) ?? this.answers.get(url.pathname);
    if (given === undefined) return unknown(response, 'this server has no such thing');
    json(response, 200, given);
  }

  #signIn(body: string, response: ServerResponse): void {
    const isRight = (JSON.parse(body) as { key: string }).key === this.key;
    if (isRight) response.setHeader('set-cookie', `key=${this.key}; HttpOnly; SameSite=Strict`);
    if (isRight) response.writeHead(303, { location: '/' }).end();
    else json(response, 401, { error: { message: 'no such key' } });
  }

  #file(path: string, response: ServerResponse): void {
    const file = `${built}${path === '/' ? 'index.html' : path.slice(1)}`;
    if (!existsSync(file)) return void response.writeHead(404).end();
    response
      .writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      })
      .end(readFileSync(file));
  }

  #list(url: URL): object[] {
    const wanted = (url.searchParams.get('q') ?? '').toLowerCase();
    return [...this.scenes]
      .filter(([, { records }]) => JSON.stringify(records).toLowerCase().includes(wanted))
      .map(([id, { state, isRunning, records }]) => ({
        ...{ id, play: state.open!.play, at: state.open!.at, heading: state.open!.heading },
        ...{ cast: state.cast, turns: state.figures.turns, words: state.figures.words },
        ...{ struck: state.figures.struck, alarms: state.figures.alarms },
        state: isRunning ? 'running' : state.end ? 'ended' : state.asked ? 'waiting' : 'paused',
        ...{ begun: records[0]!.time, last: records.at(-1)!.time },
      }))
      .filter(({ state }) => [state, null, ''].includes(url.searchParams.get('state')));
  }

  #events({ records, isRunning, state }: Scene, url: URL, response: ServerResponse): void {
    const after = Number(url.searchParams.get('after') ?? 0);
    const limit = Number(url.searchParams.get('limit') ?? 100);
    const events = records.filter(({ n }) => n > after).slice(0, limit);
    json(response, 200, { events, n: state.n, running: isRunning });
  }

  #stream(url: URL, response: ServerResponse): void {
    const watched = url.searchParams.getAll('watch').map((each) => each.split(':'));
    const gone = watched.find(([id]) => !this.scenes.has(id!));
    if (gone) {
      unknown(response, `no scene here is called "${gone[0]}"`);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: 1000\n\n${this.#state()}`);
    for (const [id, after] of watched) {
      const { records, draft } = this.scenes.get(id!)!;
      for (const event of records.filter(({ n }) => n > Number(after)))
        response.write(`event: event\ndata: ${JSON.stringify({ id, event })}\n\n`);
      if (draft) response.write(`event: draft\ndata: ${JSON.stringify({ id, ...draft })}\n\n`);
    }
    const listener = { response, ids: new Set(watched.map(([id]) => id!)) };
    this.#listeners.add(listener);
    response.on('close', () => this.#listeners.delete(listener));
  }

  #command(id: string, command: Record<string, string>, response: ServerResponse): void {
    const scene = this.scenes.get(id)!;
    const { by, text = '', who } = command;
    switch (command.do) {
      case 'start':
        if (!scene.isRunning) {
          this.#setRunning(id, true);
          this.append(id, { kind: 'resume', by: 'human' });
          this.#run(id);
        }
        break;
      case 'step':
        this.speak(id, this.texts[this.#said++ % this.texts.length]!);
        break;
      case 'pause':
        this.#setRunning(id, false);
        clearTimeout(scene.timer);
        scene.draft = undefined;
        this.append(id, { kind: 'pause', by: 'human' });
        break;
      case 'say': {
        const heard = audience(scene.state, by!);
        this.append(id, { kind: 'turn', who: by!, playedBy: 'human', heard, text });
        break;
      }
      case 'note':
        this.append(id, { kind: 'note', text, by: 'human', heard: scene.state.onStage });
        break;
      case 'enter':
      case 'exit':
        this.append(id, { kind: command.do, who: [who!].flat(), by: 'human' });
        break;
      case 'undo':
        this.append(id, { kind: 'undo', to: Number(command.to) });
        break;
      case 'edit':
        this.append(id, { kind: 'edit', of: Number(command.of), text });
        break;
      default:
        json(response, 400, { error: { message: `"${command.do}" is not done here` } });
        return;
    }
    json(response, 202, { n: scene.state.n });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A text as a model would give it: a few letters at a time. */
const piecesOf = (text: string): string[] => text.match(/\s*\S{1,4}/g) ?? [];

const unknown = (response: ServerResponse, message: string): void =>
  json(response, 404, {
    error: { message, code: 'not_found', remedy: 'Look at /api/conversations.' },
  });

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body || '{}';
}
