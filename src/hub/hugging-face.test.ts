import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileServer, serve, type TestServer } from '../testing/http-server.ts';
import { parseHfUri } from './hf-uri.ts';
import { fetchFromHub } from './hugging-face.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const repo = 'org/name-GGUF';
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dramatis-hf-'));
});
const cache = (): string => join(home, 'hub/models--org--name-GGUF');

interface FakeHub extends TestServer {
  readonly storage: TestServer;
}

/** A hub with these files in one repository; large files lie on another host, as they do there. */
async function hub(
  files: Readonly<Record<string, string>>,
  options: { etag?: (file: string) => string } = {},
): Promise<FakeHub> {
  const storage = await serve((request, response) => {
    fileServer(Buffer.from(files[decodeURIComponent(request.url!.slice(1))]!))(request, response);
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith('/api/')) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      response.end(JSON.stringify({ sha: commit, siblings }));
      return;
    }
    const file = decodeURIComponent(
      request.url!.replace(/^\/org\/name-GGUF\/resolve\/[^/]+\//, ''),
    );
    const content = files[file];
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    const tag = options.etag?.(file) ?? sha256(Buffer.from(content));
    response.writeHead(302, {
      location: `${storage.url}/${encodeURIComponent(file)}`,
      'x-repo-commit': commit,
      'x-linked-etag': `"${tag}"`,
      'x-linked-size': Buffer.byteLength(content),
    });
    response.end();
  };
  return { ...(await serve(answer)), storage };
}

const env = (server: TestServer, more: Record<string, string> = {}) => ({
  HF_HOME: home,
  HF_ENDPOINT: server.url,
  HOME: home,
  ...more,
});

describe('fetchFromHub', () => {
  it("fetches a file into the layout of the hub's own cache", async () => {
    const server = await hub({ 'sub/f.gguf': 'GGUF and so on' });
    const { path, uri } = await fetchFromHub(parseHfUri(`hf:${repo}/sub/f.gguf`)!, {
      env: env(server),
    });
    expect(path).toBe(join(cache(), 'snapshots', commit, 'sub/f.gguf'));
    expect(readFileSync(path, 'utf8')).toBe('GGUF and so on');
    const tag = sha256(Buffer.from('GGUF and so on'));
    expect(readlinkSync(path)).toBe(`../../../blobs/${tag}`);
    expect(readFileSync(join(cache(), 'refs/main'), 'utf8')).toBe(commit);
    expect(uri).toBe(`hf:${repo}/sub/f.gguf#${commit}`);
  });

  it('takes what is in the cache without asking, also what other programs put there', async () => {
    const server = await hub({ 'f.gguf': 'x' });
    const reference = parseHfUri(`hf:${repo}/f.gguf`)!;
    const first = await fetchFromHub(reference, { env: env(server) });
    const asked = server.requests.length;
    expect(await fetchFromHub(reference, { env: env(server), offline: true })).toEqual(first);
    expect(await fetchFromHub(reference, { env: env(server) })).toEqual(first);
    expect(server.requests).toHaveLength(asked);
  });

  it('says what is missing when offline', async () => {
    const server = await hub({ 'f.gguf': 'x' });
    const fetching = fetchFromHub(parseHfUri(`hf:${repo}:Q4_0`)!, {
      env: env(server),
      offline: true,
    });
    await expect(fetching).rejects.toMatchObject({
      code: 'OFFLINE',
      message: `hf:${repo}:Q4_0 is not in the cache`,
    });
    expect(server.requests).toHaveLength(0);
  });

  it('chooses the quantisation named, else the usual one, else the first', async () => {
    const name = async (files: string[], uri: string) => {
      home = mkdtempSync(join(tmpdir(), 'dramatis-hf-'));
      const server = await hub(Object.fromEntries(files.map((file) => [file, file])));
      return readFileSync(
        (await fetchFromHub(parseHfUri(uri)!, { env: env(server) })).path,
        'utf8',
      );
    };
    const files = ['README.md', 'mmproj-F16.gguf', 'm-Q8_0.gguf', 'm-Q4_K_M.gguf', 'm-Q4_K.gguf'];
    expect(await name(files, `hf:${repo}:q8_0`)).toBe('m-Q8_0.gguf');
    expect(await name(files, `hf:${repo}:Q4_K`)).toBe('m-Q4_K.gguf');
    expect(await name(files, repo)).toBe('m-Q4_K_M.gguf');
    expect(await name(['b.txt', 'm.Q6_K.gguf', 'n.Q8_0.gguf'], repo)).toBe('m.Q6_K.gguf');
    await expect(name(files, `hf:${repo}:Q2_K`)).rejects.toThrow(/has no .gguf file of Q2_K/);
  });

  it('fetches every part of a split model and gives the first', async () => {
    const parts = [1, 2, 3].map((n) => `m-Q8_0-0000${n}-of-00003.gguf`);
    const server = await hub(Object.fromEntries(parts.map((part) => [part, part])));
    const { path } = await fetchFromHub(parseHfUri(`hf:${repo}:Q8_0`)!, { env: env(server) });
    expect(path.endsWith(parts[0]!)).toBe(true);
    for (const part of parts) expect(existsSync(path.replace(parts[0]!, part))).toBe(true);
  });

  it('sets a file with a wrong checksum aside', async () => {
    const wrong = sha256(Buffer.from('another'));
    const server = await hub({ 'f.gguf': 'this one' }, { etag: () => wrong });
    const fetching = fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, { env: env(server) });
    await expect(fetching).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
    expect(existsSync(join(cache(), 'blobs', wrong))).toBe(false);
    expect(existsSync(join(cache(), 'blobs', `${wrong}.bad`))).toBe(true);
  });

  it('lets a server name no file outside the cache', async () => {
    const server = await hub({ 'f.gguf': 'x' }, { etag: () => '../../../../evil' });
    const fetching = fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, { env: env(server) });
    await expect(fetching).rejects.toThrow(/names no checksum/);
    const climbing = await hub({ '../../x-Q4_K_M.gguf': 'x', '/abs.gguf': 'y' });
    await expect(fetchFromHub(parseHfUri(repo)!, { env: env(climbing) })).rejects.toThrow(
      /no .gguf/,
    );
  });

  it('copies where links are not wanted', async () => {
    const server = await hub({ 'f.gguf': 'x' });
    const { path } = await fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, {
      env: env(server, { HF_HUB_DISABLE_SYMLINKS: '1' }),
    });
    expect(lstatSync(path).isFile()).toBe(true);
  });

  it('asks a server again that is busy or broken for a moment', async () => {
    const server = await hub({ 'f.gguf': 'x' });
    const answers = [429, 503];
    const busy = await serve((request, response) => {
      const status = request.url?.startsWith('/api/') ? undefined : answers.shift();
      if (status === undefined) response.writeHead(307, { location: server.url + request.url });
      else response.writeHead(status);
      response.end();
    });
    const { path } = await fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, { env: env(busy) });
    expect(readFileSync(path, 'utf8')).toBe('x');
    expect(answers).toEqual([]);
  });

  it('sends the token to the hub and not to its storage', async () => {
    const server = await hub({ 'f.gguf': 'x' });
    writeFileSync(join(home, 'token'), 'hf_secret\n');
    await fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, { env: env(server) });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer hf_secret');
    expect(server.storage.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('says what to do when a repository is closed, and when there is none', async () => {
    const closed = await serve((_, response) => response.writeHead(401).end());
    const failure = await fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, {
      env: env(closed),
    }).catch((error) => error);
    expect(failure).toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringMatching(/says 401/),
    });
    expect(failure.remedy).toMatch(/HF_TOKEN/);
    const server = await hub({});
    await expect(
      fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, { env: env(server) }),
    ).rejects.toThrow(/says 404/);
  });

  it('follows an endpoint that sends on to another, without the token, and stops at the storage', async () => {
    const real = await hub({ 'm-Q4_K_M.gguf': 'weights' });
    const old = await serve((request, response) => {
      response.writeHead(308, { location: real.url + request.url }).end();
    });
    const { path } = await fetchFromHub(parseHfUri(`hf:${repo}`)!, {
      env: { HF_HOME: home, HF_ENDPOINT: old.url, HF_TOKEN: 'secret' },
    });
    expect(readFileSync(path, 'utf8')).toBe('weights');
    expect(old.requests[0]?.headers.authorization).toBe('Bearer secret');
    for (const { headers } of [...real.requests, ...real.storage.requests])
      expect(headers.authorization).toBeUndefined();
  });

  it('goes through the proxy that the environment names', async () => {
    const real = await hub({ 'm-Q4_K_M.gguf': 'weights' });
    const proxied: string[] = [];
    const proxy = await serve((request, response) => {
      proxied.push(request.url!);
      const { pathname, origin } = new URL(request.url!);
      const at = origin === 'http://hub.invalid' ? real.url + pathname : request.url!;
      void fetch(at, { method: request.method!, redirect: 'manual' }).then(async (answer) => {
        const kept = ['location', 'x-repo-commit', 'x-linked-etag', 'x-linked-size', 'etag'];
        const headers = kept.flatMap((name) => {
          const value = answer.headers.get(name);
          return value === null ? [] : [[name, value] as const];
        });
        response.writeHead(answer.status, Object.fromEntries(headers));
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    const env = { HF_HOME: home, HF_ENDPOINT: 'http://hub.invalid', HTTP_PROXY: proxy.url };
    const { path } = await fetchFromHub(parseHfUri(`hf:${repo}`)!, { env });
    expect(readFileSync(path, 'utf8')).toBe('weights');
    expect(proxied[0]).toMatch(/^http:\/\/hub\.invalid\/api\//);
  });

  it('notices a file of the cache that is not what it was, and keeps it until another is here', async () => {
    const real = await hub({ 'm-Q4_K_M.gguf': 'weights' });
    const env = { HF_HOME: home, HF_ENDPOINT: real.url };
    const reference = parseHfUri(`hf:${repo}`)!;
    const { path } = await fetchFromHub(reference, { env });
    for (const damaged of ['weightz', 'we']) {
      writeFileSync(path, damaged);
      await expect(
        fetchFromHub(reference, { env, offline: true, depth: 'deep' }),
      ).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
      expect(readFileSync(path, 'utf8')).toBe(damaged);
      const nobody = { ...env, HF_ENDPOINT: 'http://127.0.0.1:1' };
      await expect(fetchFromHub(reference, { env: nobody, depth: 'deep' })).rejects.toThrow();
      expect(readFileSync(path, 'utf8')).toBe(damaged);
      await fetchFromHub(reference, { env, depth: 'deep' });
      expect(readFileSync(path, 'utf8')).toBe('weights');
    }
  });

  it('finds a file without a network although no branch was noted', async () => {
    const real = await hub({ 'm-Q4_K_M.gguf': 'weights' });
    const env = { HF_HOME: home, HF_ENDPOINT: real.url };
    await fetchFromHub(parseHfUri(`hf:${repo}`)!, { env });
    rmSync(join(cache(), 'refs'), { recursive: true });
    const found = await fetchFromHub(parseHfUri(`hf:${repo}:Q4_K_M`)!, { env, offline: true });
    expect(readFileSync(found.path, 'utf8')).toBe('weights');
  });

  it('is fetched once by two who want it at the same time', async () => {
    const server = await hub({ 'f.gguf': 'x'.repeat(100_000) });
    const fetchOne = () => fetchFromHub(parseHfUri(`hf:${repo}/f.gguf`)!, { env: env(server) });
    const [a, b] = await Promise.all([fetchOne(), fetchOne()]);
    expect(a).toEqual(b);
    expect(server.storage.requests).toHaveLength(1);
  });
});
