import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../../../errors.ts';
import { reasonOf, shown } from '../../../hub/http.ts';

/** A server that speaks the OpenAI protocol. */
export interface Endpoint {
  /** Such as "http://127.0.0.1:8000/v1", without a slash at its end. */
  readonly url: string;
  /** Sent as a bearer token, never printed. */
  readonly apiKey?: string | undefined;
  /** For one answer, whole. */
  readonly timeoutMs: number;
  /** Tries of one request before giving up on a server that is busy or stumbles. */
  readonly attempts: number;
  /** Before the second try; doubled for each after it. A server's own "retry-after" comes first. */
  readonly pauseMs: number;
}

/** A small model on a busy processor may think for minutes about a batch of pages. */
const endpointDefaults = { timeoutMs: 300_000, attempts: 5, pauseMs: 500 } as const;
const maxPauseMs = 30_000;

export interface Call {
  /** Below the endpoint's URL, such as "/completions"; from the server's root if it starts with "//". */
  readonly path: string;
  /** Sent as JSON; without one, the request is a GET. */
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
  readonly attempts?: number;
}

export type Reply =
  | { readonly ok: true; readonly body: unknown }
  /** The server answered, and refused. `message` is its own, in one line. */
  | { readonly ok: false; readonly status: number; readonly message: string };

/** The endpoint at a URL as people write it: with or without "/v1", "/completions" or a slash at the end. */
export function endpointAt(url: string, options: Partial<Omit<Endpoint, 'url'>> = {}): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new DramatisError('USAGE', `"${url}" is not the URL of a server`, {
      remedy: 'Give one such as http://127.0.0.1:8000/v1.',
    });
  }
  const path = parsed.pathname.replace(/(\/(chat\/)?completions)?\/*$/, '');
  const base = /\/v\d+$/.test(path) ? path : `${path}/v1`;
  return { ...endpointDefaults, ...options, url: parsed.origin + base };
}

/**
 * One request, tried again with growing pauses while the server is busy (429), stumbles (5xx), or the connection
 * breaks. A refusal comes back as it is. What takes too long once is not asked again: the server may still be at it.
 *
 * @throws {DramatisError} FETCH_FAILED if no answer comes; `signal.reason` when aborted.
 */
export async function call(endpoint: Endpoint, request: Call): Promise<Reply> {
  const { attempts = endpoint.attempts, signal } = request;
  for (let tried = 1; ; tried++) {
    const { reply, mayPass, pauseMs } = await attempt(endpoint, request);
    if (!mayPass || tried >= attempts) {
      if (reply instanceof DramatisError) throw reply;
      return reply;
    }
    const pause = Math.min(pauseMs ?? endpoint.pauseMs * 2 ** (tried - 1), maxPauseMs);
    await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

interface Attempt {
  /** Or what to say if this was the last try. */
  readonly reply: Reply | DramatisError;
  /** Whether another try may end otherwise. */
  readonly mayPass: boolean;
  /** Asked for by the server. */
  readonly pauseMs?: number | undefined;
}

async function attempt(endpoint: Endpoint, request: Call): Promise<Attempt> {
  try {
    const response = await send(endpoint, request);
    const { ok, status } = response;
    const text = await response.text();
    if (ok) return { reply: { ok, body: parsed(text, endpoint) }, mayPass: false };
    const message = complaint(text, response.statusText, endpoint);
    const mayPass = status === 429 || status >= 500;
    return { reply: { ok, status, message }, mayPass, pauseMs: pauseAskedFor(response) };
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof DramatisError) throw error;
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    const why = isLate ? `nothing came for ${endpoint.timeoutMs / 1000} s` : reasonOf(error);
    const reply = new DramatisError('FETCH_FAILED', `no answer from ${endpoint.url}: ${why}`, {
      cause: error,
      remedy: 'Check that the server runs and that its URL is right, then run it again.',
    });
    return { reply, mayPass: !isLate && !isNobodyThere(error) };
  }
}

/** Calls the server and throws its refusal: the key (401, 403), the length of the text, or whatever it says. */
export async function ask(endpoint: Endpoint, request: Call): Promise<unknown> {
  const reply = await call(endpoint, request);
  if (reply.ok) return reply.body;
  const { status, message } = reply;
  const said = `${endpoint.url} says ${status}: ${message}`;
  if (status === 401 || status === 403) {
    const remedy = "Set OPENAI_API_KEY to the server's key.";
    throw new DramatisError('FETCH_FAILED', said, { remedy });
  }
  if (/context (length|size|window)|exceeds? .*context/i.test(message)) {
    const remedy = 'Start the server with a larger window.';
    throw new DramatisError('WINDOW_EXCEEDED', said, { remedy });
  }
  throw new DramatisError('FETCH_FAILED', said, {
    remedy: "Look into the server's log, then run it again; what is done is kept.",
  });
}

/** What the server cannot do for us, in a sentence. */
export function unfit(endpoint: Endpoint, lack: string): DramatisError {
  return new DramatisError('FETCH_FAILED', `${shown(endpoint.url)} cannot be measured: ${lack}`, {
    remedy:
      'Use a server that scores given text: vLLM, llama-cpp-python with --logits_all true, or llama-server.',
  });
}

async function send(endpoint: Endpoint, { path, body, signal }: Call): Promise<Response> {
  const timeout = AbortSignal.timeout(endpoint.timeoutMs);
  const url = path.startsWith('//')
    ? endpoint.url.replace(/\/v\d+$/, path.slice(1))
    : endpoint.url + path;
  return await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      // `dramatis serve` wants a sign that no page of another site asks; other servers ignore it.
      'x-dramatis': '1',
      ...(body && { 'content-type': 'application/json' }),
      ...(endpoint.apiKey && { authorization: `Bearer ${endpoint.apiKey}` }),
    },
    body: body ? JSON.stringify(body) : null,
    // A redirect could carry the key, and the pages, to another host.
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
}

function parsed(text: string, endpoint: Endpoint): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const start = JSON.stringify(text.slice(0, 60));
    const message = `${endpoint.url} answers with what is not JSON: ${start}`;
    throw new DramatisError('FETCH_FAILED', message, { cause: error });
  }
}

/** The server's own words, from whichever field it puts them in, without the key some servers repeat. */
function complaint(text: string, statusText: string, { apiKey }: Endpoint): string {
  let message: unknown = text;
  try {
    const body = JSON.parse(text);
    message = body?.error?.message ?? body?.message ?? body?.detail ?? body?.error ?? text;
  } catch {
    // No JSON: the text is the message.
  }
  const words = typeof message === 'string' ? message : JSON.stringify(message);
  const line = words.replaceAll(/\s+/g, ' ').trim().slice(0, 300) || statusText;
  return apiKey ? line.replaceAll(apiKey, '***') : line;
}

function pauseAskedFor({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

/** Nobody listens, or there is no such host: waiting does not help. */
function isNobodyThere(error: unknown): boolean {
  const codes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors.every(isNobodyThere)) return true;
    if ('code' in at && codes.has(String(at.code))) return true;
  }
  return false;
}
