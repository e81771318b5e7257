import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileServer, serve } from '../testing/http-server.ts';
import { fetchResumably } from './resume.ts';

const content = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) >> 3));
let part = '';
beforeEach(() => {
  part = join(mkdtempSync(join(tmpdir(), 'dramatis-resume-')), 'file.part');
});
const fetched = (): boolean => readFileSync(part).equals(content);
const quick = { pauseMs: 1 };

describe('fetchResumably', () => {
  it('fetches a file and reports its bytes', async () => {
    const { url } = await serve(fileServer(content));
    const seen: number[] = [];
    await fetchResumably(url, part, { onBytes: (bytes, total) => seen.push(bytes, total ?? -1) });
    expect(fetched()).toBe(true);
    expect(seen.slice(0, 2)).toEqual([0, content.length]);
    expect(seen.slice(-2)).toEqual([content.length, content.length]);
  });

  it('goes on after each of fifty cuts', async () => {
    const cutAfter = (n: number): number => (n < 50 ? 1 + ((n * 7919) % 4000) : 1e9);
    const { url, requests } = await serve(fileServer(content, { cutAfter }));
    let retries = 0;
    const onRetry = () => {
      retries++;
    };
    await fetchResumably(url, part, { ...quick, onRetry });
    expect(fetched()).toBe(true);
    expect(retries).toBe(50);
    const starts = requests.map(({ headers }) => Number(/\d+/.exec(headers.range ?? '0')?.[0]));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b)); // never back to the beginning
    expect(starts.at(-1)).toBeGreaterThan(25 * 2000);
  });

  it('goes on where an earlier process was cut', async () => {
    const { url } = await serve(fileServer(content, { cutAfter: (n) => (n < 5 ? 0 : 1e9) }));
    await serve(fileServer(content));
    writeFileSync(part, content.subarray(0, 777));
    writeFileSync(`${part}.json`, JSON.stringify({ url, validator: '"one"' }));
    await expect(fetchResumably(url, part, quick)).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    let resumed: number | undefined;
    await fetchResumably(url, part, {
      onBytes: (_, __, from) => {
        resumed ??= from;
      },
    });
    expect(resumed).toBe(777);
    expect(fetched()).toBe(true);
  });

  it('starts again when the content has another tag', async () => {
    let tag = '"one"';
    const { url } = await serve(
      fileServer(content, { etag: () => tag, cutAfter: (n) => (n ? 1e9 : 5000) }),
    );
    const onRetry = () => {
      tag = '"two"';
    };
    await fetchResumably(url, part, { ...quick, onRetry });
    expect(fetched()).toBe(true);
  });

  it('starts again when what is here belongs to another URL, or to nobody knows what', async () => {
    const { url } = await serve(fileServer(content));
    writeFileSync(part, 'something else altogether');
    await fetchResumably(url, part);
    expect(fetched()).toBe(true);
    writeFileSync(part, 'again');
    writeFileSync(`${part}.json`, JSON.stringify({ url: `${url}/other`, validator: '"one"' }));
    await fetchResumably(url, part);
    expect(fetched()).toBe(true);
  });

  it('takes the whole from a server that knows no ranges', async () => {
    let answers = 0;
    const { url } = await serve((_, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': content.length });
      if (answers++ < 3) response.write(content.subarray(0, 9000), () => response.destroy());
      else response.end(content);
    });
    await fetchResumably(url, part, quick);
    expect(fetched()).toBe(true);
  });

  it('never goes on by a weak tag', async () => {
    const { url, requests } = await serve(
      fileServer(content, { etag: () => 'W/"one"', cutAfter: (n) => (n ? 1e9 : 5000) }),
    );
    await fetchResumably(url, part, quick);
    expect(fetched()).toBe(true);
    expect(requests[1]?.headers.range).toBeUndefined();
  });

  it('is done when all was here already, and starts again when more was', async () => {
    const { url } = await serve(fileServer(content));
    for (const before of [content, Buffer.concat([content, content])]) {
      writeFileSync(part, before);
      writeFileSync(`${part}.json`, JSON.stringify({ url, validator: '"one"' }));
      await fetchResumably(url, part);
      expect(fetched()).toBe(true);
    }
  });

  it('does not take a range that starts elsewhere', async () => {
    const { url } = await serve((request, response) => {
      const isRange = request.headers.range !== undefined;
      response.writeHead(isRange ? 206 : 200, { etag: '"one"', 'content-range': 'bytes 0-9/10' });
      response.end(isRange ? 'wrong part' : content);
    });
    writeFileSync(part, content.subarray(0, 100));
    writeFileSync(`${part}.json`, JSON.stringify({ url, validator: '"one"' }));
    await fetchResumably(url, part);
    expect(fetched()).toBe(true);
  });

  it('unpacks what a server compresses unasked', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', etag: '"one"' }).end(gzipSync(content));
    });
    await fetchResumably(url, part);
    expect(fetched()).toBe(true);
  });

  it('asks a busy server again and gives up on a broken one', async () => {
    let answers = 0;
    const { url } = await serve((request, response) => {
      if (request.url === '/broken' || answers++ < 3) response.writeHead(503).end();
      else response.end(content);
    });
    await fetchResumably(url, part, quick);
    expect(fetched()).toBe(true);
    await expect(fetchResumably(`${url}/broken`, part, quick)).rejects.toThrow(/server says 503/);
  });

  it.each([404, 403, 401])('asks only once when the server says %i', async (status) => {
    const { url, requests } = await serve((_, response) => response.writeHead(status).end());
    await expect(fetchResumably(`${url}/a?secret=1`, part, quick)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringMatching(
        new RegExp(`^cannot fetch ${url}/a: the server says ${status}`),
      ),
    });
    expect(requests).toHaveLength(1);
  });

  it('stops a server that sends more than was promised', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await expect(fetchResumably(url, part, { total: 1 << 20 })).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: 'the server sends more than the 1048576 bytes that were promised',
    });
    expect(statSync(part).size).toBeLessThanOrEqual(1 << 20);
  });

  it('tells what is wrong when nobody answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const fetching = fetchResumably(`http://127.0.0.1:${port}/x`, part, quick);
    await expect(fetching).rejects.toThrow(/ECONNREFUSED/);
  });

  it('gives the token to the host that was named and to no other', async () => {
    const storage = await serve(fileServer(content));
    const hub = await serve((request, response) => {
      const where = request.url === '/a' ? '/b' : storage.url;
      response.writeHead(302, { location: where }).end();
    });
    await fetchResumably(`${hub.url}/a`, part, { token: 'secret' });
    expect(fetched()).toBe(true);
    expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer secret',
      'Bearer secret',
    ]);
    expect(storage.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('does not follow redirects for ever, nor to a file', async () => {
    const { url } = await serve((request, response) => {
      const location = request.url === '/file' ? 'file:///etc/hostname' : '/again';
      response.writeHead(302, { location }).end();
    });
    await expect(fetchResumably(url, part, quick)).rejects.toThrow(/redirects more than/);
    await expect(fetchResumably(`${url}/file`, part, quick)).rejects.toThrow(/redirects to file:/);
  });

  it('stops at once when aborted, throwing the reason, and keeps what it has', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': content.length });
      response.write(content.subarray(0, 6000));
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const fetching = fetchResumably(url, part, {
      signal: controller.signal,
      onBytes: (bytes) => bytes > 0 && setTimeout(() => controller.abort(reason), 20),
    });
    await expect(fetching).rejects.toBe(reason);
    expect(readFileSync(part)).toHaveLength(6000);
  });
});
