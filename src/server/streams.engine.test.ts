import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Recorded } from '../stage/events.ts';
import { Transcript } from '../stage/transcript.ts';
import { lanternOpening } from '../testing/stage-scene.ts';
import type { Server } from './serve.ts';
import { ask, openedHome, twoSpeak, until } from './tiny-server.test.support.ts';

const at = openedHome();

/** A chat that goes on for long: nothing but words to choose from. */
async function longChat({ served }: Server, more: object = {}): Promise<object> {
  const { model, modelName } = await served.engine();
  const bias = Object.fromEntries(
    [' the', ' my', ' his'].map((word) => [model.model.tokenize(word)[0]!, 80]),
  );
  return {
    ...{ model: modelName, messages: [{ role: 'user', content: 'word '.repeat(40) }] },
    ...{ max_tokens: 900, logit_bias: bias, ...more },
  };
}

/** How often tokens were asked for. */
async function counted({ served }: Server) {
  const { cache } = await served.engine();
  const draw = cache.steps.draw.bind(cache.steps);
  const count = { draws: 0 };
  cache.steps.draw = (...given) => {
    count.draws++;
    return draw(...given);
  };
  return count;
}

describe('A client who goes away', () => {
  it('frees its place within a step: queued, reading, drawing, and with no stream', async () => {
    await using server = await at.home.serve(at.dramatis, { slots: 1 });
    const body = await longChat(server, { stream: true });
    const { slots, cache } = await server.served.engine();
    const count = await counted(server);
    const start = (more: object = {}) => {
      const left = new AbortController();
      const asked = { body: { ...body, ...more }, signal: left.signal };
      const answer = ask(server.url, '/v1/chat/completions', asked);
      answer.catch(() => {});
      return { left, answer };
    };
    const isQuiet = async (): Promise<void> => {
      // That the client has gone comes through a socket, when the machine gets round to it: long before 900 tokens.
      const first = count.draws;
      for (let before = -1; before !== count.draws; ) {
        before = count.draws;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(count.draws - first).toBeLessThan(30);
      expect(cache.steps.waiting).toEqual({ draws: 0, reads: 0 });
    };
    // drawing, while another is queued
    const drawing = start();
    await (await drawing.answer).body!.getReader().read();
    await until(() => count.draws > 3);
    const queued = start();
    await until(() => slots.waiting === 1);
    queued.left.abort();
    await until(() => slots.waiting === 0);
    drawing.left.abort();
    await isQuiet();
    // without a stream
    const { draws } = count;
    const plain = start({ stream: false });
    await until(() => count.draws > draws + 3);
    plain.left.abort();
    await isQuiet();
    // reading
    const read = cache.steps.read.bind(cache.steps);
    let slices = 0;
    const drawn = count.draws;
    const reading = start({ messages: [{ role: 'user', content: 'other '.repeat(150) }] });
    cache.steps.read = (...given) => {
      slices++;
      reading.left.abort();
      return read(...given);
    };
    await until(() => slices > 0);
    await isQuiet();
    expect(count.draws, 'tokens drawn after the prompt').toBe(drawn);
    cache.steps.read = read;
    // and the next one finds the place free
    const next = await ask(server.url, '/v1/chat/completions', {
      body: { ...body, stream: false, max_tokens: 3 },
    });
    expect(next.status).toBe(200);
    expect(at.home.faults).toEqual([]);
  });
});

/** sha256 and length of what a stream has sent when it ends. */
async function digestOf(response: Response): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of response.body!) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { hash: hash.digest('hex'), bytes };
}

/** A scene of megabytes, more than a connection holds. */
async function largeScene(): Promise<string> {
  const text = 'Herring. '.repeat(2000);
  const transcript = await Transcript.begin(at.dramatis.folders.conversations, lanternOpening, {
    first: [
      { kind: 'enter', who: ['MARTA'], by: 'situation' },
      ...Array.from({ length: 300 }, (_, i) => ({
        ...({ kind: 'note', by: 'human', heard: ['MARTA'] } as const),
        text: `${i} ${text}`,
      })),
      { kind: 'end', reason: 'human', figures: {} },
    ],
  });
  const { records } = await transcript.read();
  return (records[0] as Recorded & { id: string }).id;
}

describe('Watchers of one scene', () => {
  it('get the same bytes, whoever among them reads nothing, and all end with the server', async () => {
    await using server = await at.home.serve(at.dramatis);
    const id = await largeScene();
    const path = `/api/conversations/${id}/events`;
    const { port } = new URL(server.url);
    const stalled = connect(Number(port), '127.0.0.1');
    stalled.on('error', () => {});
    stalled.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    stalled.pause();
    const destroyed = connect(Number(port), '127.0.0.1');
    destroyed.on('error', () => {});
    destroyed.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    destroyed.pause();
    await until(() => server.served.streams.count === 2);
    const digests = await Promise.all(
      Array.from({ length: 32 }, async () => {
        const headers = { accept: 'text/event-stream' };
        return digestOf(await ask(server.url, path, { headers }));
      }),
    );
    expect(new Set(digests.map(({ hash }) => hash)).size).toBe(1);
    expect(digests[0]!.bytes).toBeGreaterThan(5e6);
    destroyed.destroy();
    await until(() => server.served.streams.count === 1);
    await server.close();
    stalled.destroy();
    expect(at.home.faults).toEqual([]);
  });

  it('are told goodbye when the server ends, and find the scene gone on by the next one', async () => {
    const first = await at.home.serve(at.dramatis);
    const begun = await ask(first.url, '/api/conversations', {
      body: { ...twoSpeak, turns: 10_000, start: true },
    });
    const { id } = (await begun.json()) as { id: string };
    const path = `/api/conversations/${id}/events`;
    const watching = Array.from({ length: 10 }, async () => {
      const headers = { accept: 'text/event-stream' };
      return (await ask(first.url, path, { headers })).text();
    });
    await until(() => first.served.streams.count === 10);
    await until(() => (first.served.scenes.head(id) ?? 0) > 8);
    await first.close();
    for (const text of await Promise.all(watching)) expect(text).toMatch(/event: bye\n.*\n\n$/);
    await expect(ask(first.url, '/health')).rejects.toThrow();
    await using second = await at.home.serve(at.dramatis);
    await until(() => second.served.scenes.isPlaying(id));
    const { events } = (await (await ask(second.url, path)).json()) as { events: Recorded[] };
    expect(events.map(({ n }) => n)).toEqual(events.map((_, i) => i + 1));
    const before = events.length;
    await until(() => (second.served.scenes.head(id) ?? 0) > before + 3);
    await ask(second.url, `/api/conversations/${id}/commands`, { body: { do: 'end' } });
  });
});

describe('A request that does not end', () => {
  it('is told so, in the shape of every answer, and takes no place', async () => {
    await using server = await at.home.serve(at.dramatis, { arrivalMs: 50 });
    const { host, port } = new URL(server.url);
    const slow = connect(Number(port), '127.0.0.1');
    slow.write(
      `POST /v1/completions HTTP/1.1\r\nHost: ${host}\r\nX-Dramatis: 1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"model": `,
    );
    const answer = await text(slow);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('content-security-policy: ');
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({
      error: { code: 'request_timeout', type: 'invalid_request_error' },
    });
    const broken = connect(Number(port), '127.0.0.1');
    broken.write('Who is there?\r\n\r\n');
    const told = await text(broken);
    expect(told).toMatch(/^HTTP\/1\.1 400 /);
    expect(told).toContain('"code":"malformed_request"');
    expect((await ask(server.url, '/api/plays')).status).toBe(200);
  });
});

describe('A page of another site', () => {
  it('asks first and is handed answers where it may ask, with the key that it has', async () => {
    const origin = 'https://friend.example';
    await using server = await at.home.serve(at.dramatis, {
      allowedOrigins: [origin],
      keys: ['k'],
    });
    const preflight = { 'access-control-request-method': 'POST', 'x-dramatis': '' };
    const may = (from: string) =>
      ask(server.url, '/api/conversations', {
        method: 'OPTIONS',
        headers: { ...preflight, origin: from },
      });
    const allowed = await may(origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-dramatis');
    const refused = await may('https://evil.com');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const plays = (key: string) =>
      ask(server.url, '/api/plays', { headers: { origin, authorization: `Bearer ${key}` } });
    const answer = await plays('k');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('vary')).toContain('origin');
    expect((await plays('wrong')).headers.get('access-control-allow-origin')).toBe(origin);
  });
});

describe('A server with limits', () => {
  it('says when to ask again where it has no room', async () => {
    await using server = await at.home.serve(at.dramatis, {
      slots: 2,
      limits: { scenes: 1, waiting: 1, streams: 2 },
    });
    const refused = async (answer: Promise<Response>): Promise<void> => {
      const response = await answer;
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({ error: { type: 'rate_limit_error' } });
    };
    const begin = () =>
      ask(server.url, '/api/conversations', { body: { ...twoSpeak, turns: 5000, start: true } });
    const { id } = (await (await begin()).json()) as { id: string };
    const left = new AbortController();
    const watch = () => ask(server.url, '/api/events', { signal: left.signal });
    await Promise.all([watch(), watch()]);
    await refused(watch());
    const body = await longChat(server);
    const waiting = ask(server.url, '/v1/chat/completions', { body, signal: left.signal });
    waiting.catch(() => {});
    const { slots } = await server.served.engine();
    await until(() => slots.waiting === 1);
    await refused(ask(server.url, '/v1/chat/completions', { body }));
    left.abort();
    await ask(server.url, `/api/conversations/${id}/commands`, { body: { do: 'end' } });
    expect(at.home.faults).toEqual([]);
  });
});
