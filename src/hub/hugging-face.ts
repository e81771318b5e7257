import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DramatisError } from '../errors.ts';
import { partName, partPaths } from '../gguf/part-paths.ts';
import { literalPattern } from '../play/literal.ts';
import { withLock } from '../store/lock.ts';
import { makeFolder } from '../store/make-folder.ts';
import { admit } from './admit.ts';
import { reserve } from './disk-space.ts';
import type { HubOptions } from './events.ts';
import { HfRepo, hfEndpoint, hfToken, isCommit } from './hf-cache.ts';
import { canonicalHfUri, type HfReference } from './hf-uri.ts';
import { reasonOf, request, shown } from './http.ts';
import { fetchResumably, lockTimeoutMs } from './resume.ts';

/** The quantisation taken when none is named, as llama.cpp does. */
const usualQuantisation = 'Q4_K_M';

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
  if (here) return here;
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
  for (const shard of partPaths(file)) paths.push(await fetchFile(hub, shard));
  const first = paths[0]!;
  return { path: first.path, uri: canonicalHfUri({ ...reference, file }, first.commit) };
}

/** Finds a file of the hub in the cache, opening no socket; undefined unless the whole file is there. */
export async function findInHubCache(
  reference: HfReference,
  options: HubOptions,
): Promise<{ path: string; uri: string } | undefined> {
  const repo = new HfRepo(reference.repo, options.env ?? process.env);
  const commit = await repo.commitOf(reference.revision);
  if (!commit) return undefined;
  const file = reference.file ?? pick(await repo.list(commit), reference);
  if (!file) return undefined;
  const paths = await Promise.all(partPaths(file).map((shard) => repo.find(commit, shard)));
  const [path] = paths;
  if (!path || paths.includes(undefined)) return undefined;
  return { path, uri: canonicalHfUri({ ...reference, file }, commit) };
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
  const listing: unknown = await response.json().catch(() => undefined);
  const siblings =
    typeof listing === 'object' && listing !== null && 'siblings' in listing
      ? listing.siblings
      : [];
  const files = (Array.isArray(siblings) ? siblings : [])
    .map((sibling: { rfilename?: unknown }) => sibling?.rfilename)
    .filter((name): name is string => typeof name === 'string' && isSafePath(name));
  return { files };
}

async function fetchFile(hub: Hub, file: string): Promise<{ path: string; commit: string }> {
  const { reference, repo, options } = hub;
  if (!isSafePath(file)) throw new DramatisError('FETCH_FAILED', `"${file}" is not a file's path`);
  const path = file.split('/').map(encodeURIComponent).join('/');
  const url = `${hub.endpoint}/${reference.repo}/resolve/${encodeURIComponent(reference.revision)}/${path}`;
  const { etag, commit, bytes } = await describe(hub, url);
  const here = await repo.find(commit, file);
  if (here) return { path: await repo.link(here, file, commit, reference.revision), commit };

  const blob = repo.blob(etag);
  const what = `hf:${reference.repo}/${file}`;
  await makeFolder(dirname(blob));
  await withLock(
    blob,
    async () => {
      if (await exists(blob)) return; // another process fetched it while we waited
      const part = `${blob}.dramatis.incomplete`;
      await reserve(dirname(blob), bytes ?? 0);
      await fetchResumably(url, part, {
        token: hub.token,
        signal: options.signal,
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

async function ask(hub: Hub, url: string, method: 'GET' | 'HEAD'): Promise<Response> {
  let response: Response;
  try {
    response = await request(url, {
      method,
      token: hub.token,
      signal: hub.options.signal,
      stopAtOtherHost: true,
    });
  } catch (error) {
    hub.options.signal?.throwIfAborted();
    if (error instanceof DramatisError) throw error;
    const message = `cannot fetch ${shown(url)}: ${reasonOf(error)}`;
    throw new DramatisError('FETCH_FAILED', message, { cause: error });
  }
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
