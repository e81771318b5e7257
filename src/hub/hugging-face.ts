import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { partName, partPaths } from '../gguf/part-paths.ts';
import { literalPattern } from '../play/literal.ts';
import { withLock } from '../store/lock.ts';
import { makeFolder } from '../store/make-folder.ts';
import { fileSha256 } from '../store/sha256.ts';
import { admit } from './admit.ts';
import { reserve } from './disk-space.ts';
import type { HubOptions } from './events.ts';
import { HfRepo, hfEndpoint, hfToken, isCommit, isOn } from './hf-cache.ts';
import { canonicalHfUri, type HfReference } from './hf-uri.ts';
import { jsonOf, reasonOf, request, shown } from './http.ts';
import { fetchResumably, lockTimeoutMs } from './resume.ts';

/** Repositories of many thousand files have lists of some megabytes. */
const mostListingBytes = 64 << 20;
/** The quantisation taken when none is named, as llama.cpp does. */
const usualQuantisation = 'Q4_K_M';
/** Before a busy server is asked again, doubled each time. */
const firstPauseMs = 250;
const lastPauseMs = 2000;

/**
 * The file a reference means, from the cache if it is there. A model split into several files is
 * fetched whole, and its first file returned.
 *
 * @returns Its path in the cache, and the canonical URI of what it is.
 * @throws {DramatisError} OFFLINE, FETCH_FAILED, CHECKSUM_MISMATCH, STORE_UNWRITABLE.
 */
export async function fetchFromHub(
  reference: HfReference,
  options: HubOptions,
): Promise<{ path: string; uri: string }> {
  const env = options.env ?? process.env;
  const here = await findInHubCache(reference, options);
  const damaged =
    here && options.depth === 'deep' ? await damagedInHubCache(here.path, options.signal) : [];
  if (here && damaged.length === 0) return here;
  if (options.offline && here) {
    throw new DramatisError(
      'CHECKSUM_MISMATCH',
      `${damaged[0]} is damaged: its content is not what the checksum in its name says`,
      { remedy: 'Run the command without --offline: it is replaced once another is here.' },
    );
  }
  for (const path of damaged)
    options.report?.({
      kind: 'damaged',
      what: spell(reference),
      path,
      fault: 'its content is not what the checksum in its name says',
    });
  if (options.offline) {
    throw new DramatisError('OFFLINE', `${spell(reference)} is not in the cache`);
  }
  const hub: Hub = {
    endpoint: hfEndpoint(env),
    token: await hfToken(env),
    repo: new HfRepo(reference.repo, env),
    reference,
    options,
  };
  const file = reference.file ?? choose((await listFiles(hub)).files, reference);
  const paths: { path: string; commit: string }[] = [];
  const lost = new Set(await Promise.all(damaged.map((path) => realpath(path))));
  for (const shard of partPaths(file)) paths.push(await fetchFile(hub, shard, lost));
  const first = paths[0]!;
  return { path: first.path, uri: canonicalHfUri({ ...reference, file }, first.commit) };
}

/** Finds a file of the hub in the cache, opening no socket; undefined unless the whole file is there. */
export async function findInHubCache(
  reference: HfReference,
  options: HubOptions,
): Promise<{ path: string; uri: string } | undefined> {
  const env = options.env ?? process.env;
  const repo = new HfRepo(reference.repo, env);
  const commit = await repo.commitOf(reference.revision);
  const isOffline = options.offline === true || isOn(env.HF_HUB_OFFLINE);
  // A program that fetched by commit notes no branch: without a network, what was fetched last is better than nothing.
  const others = isOffline && !isCommit(reference.revision) ? await repo.commits() : [];
  for (const one of new Set([...(commit === undefined ? [] : [commit]), ...others])) {
    const found = await findInCommit(repo, one, reference);
    if (found) return found;
  }
  return undefined;
}

async function findInCommit(
  repo: HfRepo,
  commit: string,
  reference: HfReference,
): Promise<{ path: string; uri: string } | undefined> {
  const file = reference.file ?? pick(await repo.list(commit), reference);
  if (!file) return undefined;
  const paths = await Promise.all(partPaths(file).map((part) => repo.find(commit, part)));
  const [path] = paths;
  if (!path || paths.includes(undefined)) return undefined;
  return { path, uri: canonicalHfUri({ ...reference, file }, commit) };
}

/**
 * Reads a file of the cache, all its parts, and compares each with the checksum that it is kept under.
 *
 * @returns Paths of those that are not what they were; one that is kept under no checksum is not looked at.
 */
async function damagedInHubCache(path: string, signal?: AbortSignal): Promise<string[]> {
  const damaged: string[] = [];
  for (const part of partPaths(path)) {
    const name = basename(await realpath(part));
    const found = /^[0-9a-f]{64}$/.test(name)
      ? await fileSha256(part, signal)
      : /^[0-9a-f]{40}$/.test(name)
        ? await gitHash(part)
        : name;
    if (found !== name) damaged.push(part);
  }
  return damaged;
}

/** What git, and so the hub, calls a small file: the SHA-1 of its length and content. */
async function gitHash(path: string): Promise<string> {
  const content = await readFile(path);
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

interface Hub {
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly repo: HfRepo;
  readonly reference: HfReference;
  readonly options: HubOptions;
}

async function listFiles(hub: Hub): Promise<{ files: string[] }> {
  const { repo, revision } = hub.reference;
  const url = `${hub.endpoint}/api/models/${repo}/revision/${encodeURIComponent(revision)}`;
  const response = await ask(hub, url, 'GET');
  const listing = await jsonOf(response, mostListingBytes);
  const siblings =
    typeof listing === 'object' && listing !== null && 'siblings' in listing
      ? listing.siblings
      : [];
  const files = (Array.isArray(siblings) ? siblings : [])
    .map((sibling: { rfilename?: unknown }) => sibling?.rfilename)
    .filter((name): name is string => typeof name === 'string' && isSafePath(name));
  return { files };
}

/** @param damaged Blobs that are to be fetched although they are here; each stays until another takes its place. */
async function fetchFile(
  hub: Hub,
  file: string,
  damaged: ReadonlySet<string>,
): Promise<{ path: string; commit: string }> {
  const { reference, repo, options } = hub;
  if (!isSafePath(file)) throw new DramatisError('FETCH_FAILED', `"${file}" is not a file's path`);
  const path = file.split('/').map(encodeURIComponent).join('/');
  const url = `${hub.endpoint}/${reference.repo}/resolve/${encodeURIComponent(reference.revision)}/${path}`;
  const { etag, commit, bytes } = await describe(hub, url);
  const here = await repo.find(commit, file);
  const isSound = here !== undefined && !damaged.has(await realpath(here));
  if (isSound) return { path: await repo.link(here, file, commit, reference.revision), commit };

  const blob = repo.blob(etag);
  const isLost = damaged.has(await realpath(blob).catch(() => blob));
  const what = `hf:${reference.repo}/${file}`;
  await makeFolder(dirname(blob));
  await withLock(
    blob,
    async () => {
      if (!isLost && (await exists(blob))) return; // another process fetched it while we waited
      const part = `${blob}.dramatis.incomplete`;
      await reserve(dirname(blob), bytes ?? 0);
      await fetchResumably(url, part, {
        token: hub.token,
        signal: options.signal,
        env: options.env,
        total: bytes,
        onBytes: (done, total, resumedFrom) =>
          options.report?.({ kind: 'fetch', what, from: what, bytes: done, total, resumedFrom }),
        onRetry: (reason) => options.report?.({ kind: 'retry', what, reason }),
      });
      options.report?.({ kind: 'verify', what });
      // The tag of a large file is its SHA-256; that of a small one is git's, over another text.
      await admit(part, blob, { bytes, sha256: etag.length === 64 ? etag : undefined });
    },
    { signal: options.signal, timeoutMs: lockTimeoutMs },
  );
  return { path: await repo.link(blob, file, commit, reference.revision), commit };
}

/** Checksum, commit and length of a file, which the hub's own answer has and its storage's has not. */
async function describe(
  hub: Hub,
  url: string,
): Promise<{ etag: string; commit: string; bytes: number | undefined }> {
  const response = await ask(hub, url, 'HEAD');
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
  const etag = (header('x-linked-etag') ?? header('etag') ?? '')
    .replace(/^W\//, '')
    .replaceAll('"', '');
  const commit = header('x-repo-commit') ?? '';
  // Both become names of files: nothing but a checksum will do.
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(etag) || !isCommit(commit)) {
    throw new DramatisError(
      'FETCH_FAILED',
      `${shown(url)}: the server names no checksum and commit`,
    );
  }
  const length =
    header('x-linked-size') ?? (response.status === 200 ? header('content-length') : undefined);
  return { etag, commit, bytes: length === undefined ? undefined : Number(length) };
}

/** Asks until the server is no longer busy or broken, for some seconds. */
async function ask(hub: Hub, url: string, method: 'GET' | 'HEAD'): Promise<Response> {
  const { signal } = hub.options;
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    const response = await askOnce(hub, url, method);
    const isBusy = response.status === 429 || response.status >= 500;
    if (!isBusy || pauseMs > lastPauseMs) return accepted(hub, url, response);
    await response.body?.cancel();
    const reason = `the server says ${response.status}`;
    hub.options.report?.({ kind: 'retry', what: shown(url), reason });
    await sleep(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

async function askOnce(hub: Hub, url: string, method: 'GET' | 'HEAD'): Promise<Response> {
  try {
    return await request(url, {
      method,
      token: hub.token,
      signal: hub.options.signal,
      env: hub.options.env,
      // The storage knows no checksum; a host that sends on to another hub does not either.
      isWanted: (answer) => method === 'HEAD' && answer.headers.has('x-repo-commit'),
    });
  } catch (error) {
    hub.options.signal?.throwIfAborted();
    if (error instanceof DramatisError) throw error;
    const message = `cannot fetch ${shown(url)}: ${reasonOf(error)}`;
    throw new DramatisError('FETCH_FAILED', message, { cause: error });
  }
}

/** @throws {DramatisError} FETCH_FAILED for an answer that refuses what was asked. */
function accepted(hub: Hub, url: string, response: Response): Response {
  if (response.status < 400) return response;
  const { repo } = hub.reference;
  const isClosed = response.status === 401 || response.status === 403;
  throw new DramatisError(
    'FETCH_FAILED',
    `cannot fetch ${shown(url)}: the server says ${response.status}`,
    isClosed
      ? { remedy: `Accept its terms on ${hub.endpoint}/${repo} and set HF_TOKEN to your token.` }
      : {},
  );
}

function choose(files: readonly string[], reference: HfReference): string {
  const file = pick(files, reference);
  if (file) return file;
  const wanted = reference.quantisation ? ` of ${reference.quantisation}` : '';
  throw new DramatisError('FETCH_FAILED', `${spell(reference)} has no .gguf file${wanted}`);
}

/** The .gguf file of the quantisation asked for; if none was, the usual one or else the first. */
function pick(files: readonly string[], { quantisation }: HfReference): string | undefined {
  const candidates = files
    .filter((name) => /\.gguf$/i.test(name) && !/mmproj/i.test(name))
    .filter((name) => (partName(name)?.part ?? 1) === 1);
  const of = (wanted: string): string | undefined =>
    candidates.find((name) =>
      new RegExp(`(?:^|[-._/])${literalPattern(wanted)}(?:[-./]|$)`, 'i').test(name),
    );
  return quantisation ? of(quantisation) : (of(usualQuantisation) ?? candidates[0]);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isSafePath(path: string): boolean {
  return (
    !path.includes('\\') &&
    !path.includes('\0') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

function spell({ repo, file, quantisation, revision }: HfReference): string {
  const what = file ? `/${file}` : quantisation ? `:${quantisation}` : '';
  return `hf:${repo}${what}${revision === 'main' ? '' : `#${revision}`}`;
}
