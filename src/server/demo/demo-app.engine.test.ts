import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../guarded-app.ts';
import { Served } from '../served.ts';
import { ask, openedHome, until } from '../tiny-server.test.support.ts';
import { type DemoAppOptions, makeDemoApp } from './demo-app.ts';
import { demoLimits } from './demo-limits.ts';
import { type DemoServer, serveDemo } from './serve-demo.ts';

const opened = openedHome();
let server: DemoServer;
let served: Served;
beforeAll(async () => {
  const { home, dramatis } = opened;
  const { model, plays } = home.options;
  server = await serveDemo(dramatis, {
    ...{ model, plays, host: '127.0.0.1', port: 0, trustsProxy: true, metricsPort: 0 },
    memory: false,
    frames: ['https://frame.example'],
    fault: (error) => home.faults.push(error),
  });
  served = server.served;
  await until(async () => (await ask(server.url, '/health')).status === 200);
});
afterAll(() => server?.close());

let visitors = 0;
/** A turn of somebody who was never here before. */
const turn = (body: object, headers: Readonly<Record<string, string>> = {}) =>
  ask(server.url, '/api/turns', {
    body: { character: 'marta', text: 'Who are you?', ...body },
    headers: { 'x-forwarded-for': `10.1.${visitors >> 8}.${visitors++ & 255}`, ...headers },
  });
const newsOf = async (response: Response) =>
  (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; [name: string]: unknown });

/** Routes with limits of their own on the engine that is open. */
async function routes(options: Partial<DemoAppOptions>): Promise<App> {
  const app = await makeDemoApp(served, { host: '127.0.0.1', memory: false, ...options });
  await app.ready();
  return app;
}
const posted = (app: App, body: object) =>
  app.inject({
    ...{ method: 'POST', url: '/api/turns', headers: { 'x-dramatis': '1', host: 'localhost' } },
    payload: { character: 'marta', text: 'Who are you?', ...body },
  });

describe('A demo', () => {
  it('answers a turn as it is spoken, and goes on with the conversation', async () => {
    const first = await newsOf(await turn({}));
    expect(first[0]).toEqual({ kind: 'waiting', ahead: 0 });
    const { conversation } = first.at(-1) as { conversation?: string };
    expect(first.at(-1)).toMatchObject({ kind: 'done' });
    await newsOf(await turn({ text: 'And who else?', conversation }));
    const response = await ask(server.url, `/api/conversations/${conversation}`);
    const kept = (await response.json()) as { lines: { by: string; text: string }[] };
    const asked = kept.lines.filter(({ by }) => by === 'visitor');
    expect(asked.map(({ text }) => text)).toEqual(['Who are you?', 'And who else?']);
  });

  it('has a page, and those who may be talked with', async () => {
    const page = await ask(server.url, '/');
    expect(await page.text()).toContain('This is a computer program.');
    expect(page.headers.get('content-security-policy')).toContain(
      'frame-ancestors https://frame.example',
    );
    expect(page.headers.has('x-frame-options')).toBe(false);
    const listed = await ask(server.url, '/api/characters');
    const { characters } = (await listed.json()) as { characters: { id: string }[] };
    expect(characters.map(({ id }) => id)).toContain('marta');
  });

  it('has nothing else: no scene, no model, no adapter, no prompt, no file', async () => {
    const others = ['/api/conversations', '/v1/models', '/api/adapters', '/openapi.json'];
    for (const path of [...others, '/metrics', '/login', '/api/conversations/../../etc/passwd'])
      expect([path, (await ask(server.url, path)).status]).toEqual([path, 404]);
    for (const path of ['/v1/chat/completions', '/api/conversations', '/v1/embeddings'])
      expect((await ask(server.url, path, { body: {} })).status).toBe(404);
  });

  it('refuses what is too long, what it does not know, and what would set the model', async () => {
    const status = async (body: object) => (await turn(body)).status;
    expect(await status({ text: 'x'.repeat(demoLimits.characters + 1) })).toBe(400);
    expect(await status({ text: '' })).toBe(400);
    expect(await status({ text: 'x'.repeat(demoLimits.bodyBytes) })).toBe(413);
    for (const more of [{ seed: 1 }, { steer: 'off' }, { grammar: 'a' }, { max_tokens: 9 }])
      expect([more, await status(more)]).toEqual([more, 400]);
    expect(await status({ character: 'marta@1.2+abcd' })).toBe(404);
    expect(await status({ character: '/etc/passwd' })).toBe(404);
    const lost = '00000000-0000-4000-8000-000000000000';
    expect(await status({ conversation: lost })).toBe(404);
  });

  it('refuses other hosts, other sites and what does not say that it means it', async () => {
    const status = async (headers: Record<string, string>) => (await turn({}, headers)).status;
    expect(await status({ origin: 'https://other.example' })).toBe(403);
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    const app = await routes({});
    const asked = { method: 'GET', url: '/api/characters' } as const;
    const host = { host: 'other.example' };
    expect((await app.inject({ ...asked, headers: host })).statusCode).toBe(403);
    const bare = { host: 'localhost' };
    expect(
      (await app.inject({ method: 'POST', url: '/api/turns', headers: bare, payload: {} }))
        .statusCode,
    ).toBe(403);
    await app.close();
  });

  it('lets so many turns in from one address, which the last proxy says', async () => {
    const from = (address: string) => turn({ text: ' x' }, { 'x-forwarded-for': address });
    for (let i = 0; i < demoLimits.perMinute; i++)
      expect((await from(`6.6.6.${i}, 10.9.9.9`)).status).toBe(200);
    const refused = await from('6.6.6.99, 10.9.9.9');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('10.9.9.9, 6.6.6.1')).status).toBe(200);
  });

  it('believes nobody about an address where no proxy is trusted', async () => {
    const app = await routes({ now: () => 0 });
    const statuses: number[] = [];
    for (let i = 0; i <= demoLimits.perMinute; i++) {
      const headers = { 'x-dramatis': '1', host: 'localhost', 'x-forwarded-for': `10.2.0.${i}` };
      const payload = { character: 'marta', text: 'x' };
      const asked = { method: 'POST', url: '/api/turns', headers, payload } as const;
      statuses.push((await app.inject(asked)).statusCode);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    await app.close();
  });

  it('speaks one turn at a time, says how many are before the others, and sends away the rest', async () => {
    const lease = await (await served.speakers()).lease({ name: undefined, answers: 4 });
    const waiting = Array.from({ length: demoLimits.waiting + 1 }, () => turn({}));
    const responses = await Promise.all(waiting);
    const refused = await turn({});
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('10');
    lease[Symbol.dispose]();
    const all = await Promise.all(responses.map(newsOf));
    expect(all.map(([first]) => first!.ahead)).toEqual(all.map((_, i) => i));
    expect(all.every((news) => news.at(-1)!.kind === 'done')).toBe(true);
    const last = all.at(-1)!.filter(({ kind }) => kind === 'waiting');
    expect(last.map(({ ahead }) => ahead)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('takes whoever leaves out of the line, and keeps nothing of theirs', async () => {
    const lease = await (await served.speakers()).lease({ name: undefined, answers: 4 });
    const first = await turn({});
    const leaving = new AbortController();
    const left = await fetch(`${server.url}/api/turns`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-dramatis': '1',
        'x-forwarded-for': '10.3.0.1',
      },
      body: JSON.stringify({ character: 'marta', text: 'I leave.' }),
      signal: leaving.signal,
    });
    const third = await turn({});
    leaving.abort();
    await left.text().catch(() => {});
    const reader = third.body!.getReader();
    let text = '';
    await until(async () => {
      if (!text.includes('"ahead":1')) text += Buffer.from((await reader.read()).value ?? []);
      return text.includes('"ahead":1');
    });
    lease[Symbol.dispose]();
    await newsOf(first);
    while (!(await reader.read()).done);
  });

  it('ends an answer whose time is over, with what was said until then', async () => {
    const app = await routes({ turnMs: 0 });
    const response = await posted(app, {});
    const last = JSON.parse(response.body.trim().split('\n').at(-1)!);
    expect(last).toMatchObject({ kind: 'done', stop: 'time' });
    await app.close();
  });

  it('lets nobody in where memory runs short, or before the model is open', async () => {
    const short = await routes({ freeBytes: () => demoLimits.freeBytes - 1 });
    const refused = await posted(short, {});
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '30']);
    await short.close();
    const closed = new Served(opened.dramatis, opened.home.options);
    const early = await makeDemoApp(closed, { host: '127.0.0.1' });
    expect((await posted(early, {})).statusCode).toBe(503);
    expect(
      (await early.inject({ url: '/health', headers: { host: 'localhost' } })).statusCode,
    ).toBe(503);
    await early.close();
    await closed.close();
  });

  it('tells what is counted on a port of its own', async () => {
    expect(new URL(server.metricsUrl!).port).not.toBe(new URL(server.url).port);
    const text = await (await fetch(`${server.metricsUrl}/metrics`)).text();
    expect(text).toMatch(/dramatis_requests_total\{status="200"\} \d/);
    expect((await fetch(`${server.metricsUrl}/api/characters`)).status).toBe(404);
  });

  it('has written nothing of what was said, and nothing has gone wrong', () => {
    const home = join(opened.home.folder, 'home');
    const files = existsSync(home) ? readdirSync(home, { recursive: true, encoding: 'utf8' }) : [];
    expect(files.filter((name) => /conversations\/./.test(name))).toEqual([]);
    expect(opened.home.faults).toEqual([]);
  });
});
