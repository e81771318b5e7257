import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { unwritable } from '../store/disk.ts';
import { reasonOf, request, shown } from './http.ts';

export interface ResumeOptions {
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Length expected, where the server does not say. */
  readonly total?: number | undefined;
  readonly onBytes?: (bytes: number, total: number | undefined, resumedFrom: number) => void;
  readonly onRetry?: (reason: string) => void;
  readonly firstPauseMs?: number;
}

/** A transfer by another process is worth waiting for as long as that process lives. */
export const lockTimeoutMs = 24 * 3_600_000;

/** Attempts in a row that bring nothing before giving up; one that brings bytes starts the count anew. */
const maxFruitless = 5;
/** A connection that brings nothing for so long is dead. */
const stallMs = 60_000;

/**
 * Fetches `url` into the file `part`, going on where an earlier call, perhaps of another process, was
 * cut off. What to go on with is known by the server's entity tag, kept in `part`.json: a file that
 * changed meanwhile, or a server that cannot resume, means starting again.
 *
 * The caller holds a lock on `part` and checks the content afterwards.
 *
 * @throws {DramatisError} FETCH_FAILED; what was fetched stays in `part`. STORE_UNWRITABLE.
 */
export async function fetchResumably(
  url: string,
  part: string,
  options: ResumeOptions = {},
): Promise<void> {
  let pauseMs = options.firstPauseMs ?? 500;
  for (let fruitless = 0; ; ) {
    const before = await lengthOf(part);
    try {
      if (await attempt(url, part, options)) break;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof DramatisError) throw error;
      const gained = (await lengthOf(part)) > before;
      fruitless = gained ? 0 : fruitless + 1;
      if (fruitless >= maxFruitless) {
        const message = `cannot fetch ${shown(url)}: ${reasonOf(error)}`;
        throw new DramatisError('FETCH_FAILED', message, { cause: error });
      }
      options.onRetry?.(reasonOf(error));
      await sleep(pauseMs, undefined, { signal: options.signal ?? undefined }).catch(() => {});
      options.signal?.throwIfAborted();
      pauseMs = gained ? (options.firstPauseMs ?? 500) : Math.min(pauseMs * 2, 15_000);
    }
  }
  await rm(`${part}.json`, { force: true });
}

/** One request. @returns Whether the file is complete; false asks for another at once. */
async function attempt(url: string, part: string, options: ResumeOptions): Promise<boolean> {
  const resume = await resumePoint(part, url);
  const stall = new StallTimer();
  const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
  const headers = resume && { range: `bytes=${resume.bytes}-`, 'if-range': resume.validator };
  try {
    const response = await request(url, { headers: headers ?? {}, token: options.token, signal });
    if (response.status === 416 && resume) {
      await response.body?.cancel();
      if (response.headers.get('content-range') === `bytes */${resume.bytes}`) return true;
      await forget(part);
      return false;
    }
    const start = resume && startOf(response) === resume.bytes ? resume.bytes : 0;
    if (response.status === 206 && start === 0) {
      await response.body?.cancel();
      if (!resume) throw new Error('the server sends a part of what was asked for whole');
      await forget(part);
      return false;
    }
    if (response.status !== 200 && response.status !== 206) await refuse(response, url);
    const total = totalOf(response, start);
    await remember(part, url, response);
    await save(response, { part, start, total: total ?? options.total, stall, options });
    const { size } = await stat(part);
    if (total !== undefined && size > total) await forget(part);
    if (total !== undefined && size !== total) throw new Error(`${size} of ${total} bytes came`);
    return true;
  } finally {
    stall.stop();
  }
}

async function refuse(response: Response, url: string): Promise<never> {
  await response.body?.cancel();
  const what = `${response.status} ${response.statusText}`.trim();
  // Busy or broken servers recover; anything else stays as it is.
  if (response.status === 429 || response.status >= 500) throw new Error(`the server says ${what}`);
  const isClosed = response.status === 401 || response.status === 403;
  throw new DramatisError(
    'FETCH_FAILED',
    `cannot fetch ${shown(url)}: the server says ${what}`,
    isClosed
      ? { remedy: 'Accept the terms on its page if it has some, and set HF_TOKEN to your token.' }
      : {},
  );
}

async function save(
  response: Response,
  to: {
    part: string;
    start: number;
    total: number | undefined;
    stall: StallTimer;
    options: ResumeOptions;
  },
): Promise<void> {
  const { part, start, total, stall, options } = to;
  let bytes = start;
  options.onBytes?.(bytes, total, start);
  const file = await openAt(part, start);
  try {
    for await (const chunk of response.body ?? []) {
      stall.reset();
      await file.writeFile(chunk).catch((error: unknown) => {
        throw unwritable(part, error);
      });
      bytes += chunk.length;
      options.onBytes?.(bytes, total, start);
    }
  } finally {
    await file.close();
  }
}

async function openAt(part: string, start: number): Promise<FileHandle> {
  try {
    return await open(part, start > 0 ? 'a' : 'w');
  } catch (error) {
    throw unwritable(part, error);
  }
}

/** The first byte that a partial answer holds; undefined for a whole one. */
function startOf(response: Response): number | undefined {
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return range && response.status === 206 ? Number(range[1]) : undefined;
}

/** Length of the whole file; undefined if the server does not say, or encodes the body on its way. */
function totalOf(response: Response, start: number): number | undefined {
  const encoding = response.headers.get('content-encoding');
  const length = response.headers.get('content-length');
  if (length === null || (encoding && encoding !== 'identity')) return undefined;
  return start + Number(length);
}

interface ResumePoint {
  readonly bytes: number;
  readonly validator: string;
}

async function resumePoint(part: string, url: string): Promise<ResumePoint | undefined> {
  const bytes = await lengthOf(part);
  if (bytes === 0) return undefined;
  try {
    const known = JSON.parse(await readFile(`${part}.json`, 'utf8'));
    const isSame = known.url === url && typeof known.validator === 'string';
    return isSame ? { bytes, validator: known.validator } : undefined;
  } catch {
    return undefined;
  }
}

/** Notes what a later attempt may go on with: a strong entity tag, as If-Range asks. */
async function remember(part: string, url: string, response: Response): Promise<void> {
  const validator = response.headers.get('etag');
  const encoding = response.headers.get('content-encoding');
  const isUsable =
    validator && !validator.startsWith('W/') && (!encoding || encoding === 'identity');
  try {
    if (isUsable) await writeFile(`${part}.json`, JSON.stringify({ url, validator }));
    else await rm(`${part}.json`, { force: true });
  } catch (error) {
    throw unwritable(part, error);
  }
}

async function forget(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

async function lengthOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Aborts its signal when `reset` has not been called for a while. */
class StallTimer {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  reset(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    const reason = new Error(`nothing came for ${stallMs / 1000} s`);
    return setTimeout(() => this.#controller.abort(reason), stallMs);
  }
}
