import { type FileHandle, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../errors.ts';
import { unwritable } from '../store/disk.ts';
import { openFile } from '../store/open-file.ts';
import type { Environment } from './events.ts';
import { isUnreachable, reasonOf, request, shown } from './http.ts';
import {
  findResumePoint,
  forgetContent,
  isEncoded,
  lengthOf,
  noteContent,
  type ResumePoint,
} from './resume-point.ts';
import { StallTimer } from './stall-timer.ts';

export interface ResumeOptions {
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Names the proxies: see `request`. */
  readonly env?: Environment | undefined;
  /** Length expected, where the server does not say. */
  readonly total?: number | undefined;
  readonly onBytes?: (bytes: number, total: number | undefined, resumedFrom: number) => void;
  readonly onRetry?: (reason: string) => void;
  /** Before the second attempt; doubled for each after it that brings nothing. */
  readonly pauseMs?: number;
}

/** A transfer by another process is worth waiting for as long as that process lives. */
export const lockTimeoutMs = 24 * 3_600_000;

/** Attempts in a row that bring nothing before giving up; one that brings bytes starts the count anew. */
const maxFruitless = 5;
const maxUnreached = 2;
const maxPauseMs = 15_000;
const stallMs = 60_000;
/** Bytes that a server may send without saying how many there will be: a disk is not filled by one that never ends. */
const mostUnpromised = 2 ** 31;

/**
 * Fetches `url` into the file `part`, going on where an earlier call, perhaps of another process, was
 * cut off. What to go on with is known by the server's entity tag, noted beside `part`: a file that
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
  const { signal, pauseMs = 500 } = options;
  for (let fruitless = 0; ; ) {
    const before = await lengthOf(part);
    try {
      if (await attempt(url, part, options)) return await forgetContent(part);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DramatisError) throw error;
      fruitless = (await lengthOf(part)) > before ? 0 : fruitless + 1;
      // Before the first byte a host that cannot be reached is most likely no network at all; later, a break.
      const isHopeless = before === 0 && isUnreachable(reasonOf(error));
      if (fruitless >= (isHopeless ? maxUnreached : maxFruitless)) {
        const message = `cannot fetch ${shown(url)}: ${reasonOf(error)}`;
        throw new DramatisError('FETCH_FAILED', message, { cause: error });
      }
      options.onRetry?.(reasonOf(error));
      await sleep(Math.min(pauseMs * 2 ** fruitless, maxPauseMs), undefined, { signal }).catch(
        () => {
          signal?.throwIfAborted();
        },
      );
    }
  }
}

/** One request. @returns Whether the file is complete; false asks for another at once. */
async function attempt(url: string, part: string, options: ResumeOptions): Promise<boolean> {
  const resume = await findResumePoint(part, url);
  using stall = new StallTimer(stallMs);
  const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
  const headers = resume && { range: `bytes=${resume.bytes}-`, 'if-range': resume.validator };
  const response = await request(url, {
    headers: headers ?? {},
    token: options.token,
    env: options.env,
    signal,
  });
  const start = firstByte(response, resume, url);
  if (start === 'complete' || start === 'stale') {
    await response.body?.cancel();
    if (start === 'stale') await rm(part, { force: true });
    return start === 'complete';
  }
  // Before the note: killed in between, the bytes of the former content would count as those of this one.
  if (start === 0) await rm(part, { force: true });
  await noteContent(part, url, response);
  const length = lengthFrom(response);
  const total = length === undefined ? undefined : start + length;
  await save(response, start, { part, stall, total: options.total ?? total, options });

  const { size } = await stat(part);
  if (total !== undefined && size > total) await rm(part, { force: true });
  if (total !== undefined && size !== total) throw new Error(`${size} of ${total} bytes came`);
  return true;
}

/**
 * Where in the file the answer's body starts; 'complete' if there is nothing to add to what is here, 'stale'
 * if that has to be thrown away.
 */
function firstByte(
  response: Response,
  resume: ResumePoint | undefined,
  url: string,
): number | 'complete' | 'stale' {
  const { status } = response;
  if (status === 200) return 0;
  const range = response.headers.get('content-range') ?? '';
  if (resume && status === 206)
    return range.startsWith(`bytes ${resume.bytes}-`) ? resume.bytes : 'stale';
  if (resume && status === 416) return range === `bytes */${resume.bytes}` ? 'complete' : 'stale';
  return refuse(response, url);
}

function refuse(response: Response, url: string): never {
  const { status, statusText } = response;
  const said = `the server says ${status} ${statusText}`.trim();
  response.body?.cancel().catch(() => {});
  // Busy or broken servers recover; anything else stays as it is.
  if (status === 429 || status >= 500 || status === 206) throw new Error(said);
  const isClosed = status === 401 || status === 403;
  throw new DramatisError(
    'FETCH_FAILED',
    `cannot fetch ${shown(url)}: ${said}`,
    isClosed
      ? { remedy: 'Accept the terms on its page if it has some, and set HF_TOKEN to your token.' }
      : {},
  );
}

/** Length of the answer's body; undefined if the server does not say, or compresses it on its way. */
function lengthFrom(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  return length === null || isEncoded(response) ? undefined : Number(length);
}

async function save(
  response: Response,
  start: number,
  to: {
    readonly part: string;
    readonly stall: StallTimer;
    readonly total: number | undefined;
    readonly options: ResumeOptions;
  },
): Promise<void> {
  const { part, stall, total, options } = to;
  const report = (bytes: number): void => options.onBytes?.(bytes, total, start);
  let bytes = start;
  report(bytes);
  const file = await openAt(part, start);
  try {
    for await (const chunk of response.body ?? []) {
      stall.reset();
      if (bytes + chunk.length > (total ?? mostUnpromised)) throw tooLong(total);
      await file.writeFile(chunk).catch((error: unknown) => {
        throw unwritable(part, error);
      });
      bytes += chunk.length;
      report(bytes);
    }
  } finally {
    await file.close();
  }
}

function tooLong(total: number | undefined): DramatisError {
  const message =
    total === undefined
      ? `the server names no length and sends more than ${mostUnpromised} bytes`
      : `the server sends more than the ${total} bytes that were promised`;
  return new DramatisError('FETCH_FAILED', message, {
    remedy: 'Try again later, or fetch it from another source.',
  });
}

async function openAt(part: string, start: number): Promise<FileHandle> {
  try {
    return await openFile(part, start > 0 ? 'a' : 'w');
  } catch (error) {
    throw unwritable(part, error);
  }
}
