import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serve, type TestServer } from '../../../testing/http-server.ts';
import { ask, call, endpointAt } from './connection.ts';

const list = { path: '/models' };
const fast = { pauseMs: 1 };

/** Answers with one status after another, then for ever with the last. */
function answering(...statuses: readonly number[]): Promise<TestServer> {
  let answered = 0;
  return serve((_, response) => {
    const status = statuses[Math.min(answered++, statuses.length - 1)]!;
    response.writeHead(status, { 'retry-after': '0' }).end('{"error":{"message":"so\\nso"}}');
  });
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('endpointAt', () => {
  it('takes a URL as people write it', () => {
    for (const end of ['', '/', '/v1', '/v1/', '/v1/completions', '/v1/chat/completions']) {
      expect(endpointAt(`http://host:8000${end}`).url).toBe('http://host:8000/v1');
    }
    expect(endpointAt('https://host/openai/v1').url).toBe('https://host/openai/v1');
  });

  it('refuses what is no URL of a server', () => {
    expect(() => endpointAt('localhost:8000')).toThrow(/not the URL/);
    expect(() => endpointAt('nonsense')).toThrow(/not the URL/);
  });
});

describe('call', () => {
  it('tries again while the server is busy or stumbles, when the server says', async () => {
    const server = await answering(429, 503, 500, 200);
    const reply = await call(endpointAt(server.url, { pauseMs: 60_000 }), list);
    expect(reply.ok).toBe(true);
    expect(server.requests).toHaveLength(4);
  });

  it('gives up after as many tries as allowed, with what the server said in one line', async () => {
    const server = await answering(503);
    const reply = await call(endpointAt(server.url, { ...fast, attempts: 3 }), list);
    expect(reply).toEqual({ ok: false, status: 503, message: 'so so' });
    expect(server.requests).toHaveLength(3);
  });

  it('does not repeat what was refused', async () => {
    const server = await answering(400);
    expect(await call(endpointAt(server.url), list)).toMatchObject({ ok: false, status: 400 });
    expect(server.requests).toHaveLength(1);
  });

  it('says at once that nobody is there', async () => {
    const endpoint = endpointAt(`http://127.0.0.1:${await freePort()}`, { pauseMs: 60_000 });
    await expect(call(endpoint, list)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('URL'),
    });
  });

  it('waits for an answer no longer than it may, and does not pile up work', async () => {
    const silent = await serve(() => {});
    const endpoint = endpointAt(silent.url, { timeoutMs: 500 });
    await expect(call(endpoint, list)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringContaining('nothing came for 0.5 s'),
    });
    expect(silent.requests).toHaveLength(1);
  });

  it('tries again when the connection breaks', async () => {
    let broken = 0;
    const server = await serve((request, response) => {
      if (broken++ < 2) request.socket.destroy();
      else response.end('{}');
    });
    expect(await call(endpointAt(server.url, fast), list)).toEqual({ ok: true, body: {} });
  });

  it('stops while it waits when the signal aborts, and throws its reason', async () => {
    const silent = await serve(() => {});
    const busy = await serve((_, response) => response.writeHead(503).end());
    for (const { url } of [silent, busy]) {
      const stop = new AbortController();
      const calling = call(endpointAt(url, { pauseMs: 60_000 }), { ...list, signal: stop.signal });
      setTimeout(() => stop.abort(new Error('enough')), 50);
      await expect(calling).rejects.toThrow('enough');
    }
  });

  it('sends the key and never prints it, though the server repeats it', async () => {
    const server = await serve((request, response) => {
      response.writeHead(401).end(`{"error":{"message":"bad ${request.headers.authorization}"}}`);
    });
    const asking = ask(endpointAt(server.url, { apiKey: 'sk-secret' }), list);
    const error = await asking.catch((reason: Error & { remedy: string }) => reason);
    expect(error).toMatchObject({ remedy: expect.stringContaining('OPENAI_API_KEY') });
    expect((error as Error).message).toContain('401: bad Bearer ***');
    expect(server.requests[0]!.headers.authorization).toBe('Bearer sk-secret');
  });

  it('follows no redirect: it could carry the key to another host', async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end();
    });
    await expect(call(endpointAt(server.url, { ...fast, attempts: 1 }), list)).rejects.toThrow(
      /no answer/,
    );
  });
});

describe('ask', () => {
  it('tells a page that is too long from other refusals', async () => {
    const message = "This model's maximum context length is 2048 tokens";
    const server = await serve((_, response) => {
      response.writeHead(400).end(JSON.stringify({ message }));
    });
    await expect(ask(endpointAt(server.url), list)).rejects.toMatchObject({
      code: 'WINDOW_EXCEEDED',
    });
  });

  it('says so if the answer is no JSON', async () => {
    const server = await serve((_, response) => response.end('<html>'));
    await expect(ask(endpointAt(server.url), list)).rejects.toThrow(/not JSON: "<html>"/);
  });
});
