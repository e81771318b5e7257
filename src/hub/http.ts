import type { ProxyAgent } from 'undici';
import { DramatisError } from '../errors.ts';
import type { Environment } from './events.ts';
import { proxyFor } from './proxy.ts';

const maxRedirects = 8;

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a bearer token to the host of the first URL only: a redirect to another drops it. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Names the proxies. Default: the process's. */
  readonly env?: Environment | undefined;
  /** Hosts send a file's checksum with the redirect to its storage: true for such an answer returns it. */
  readonly isWanted?: (response: Response) => boolean;
}

/** One request, redirects followed by hand so that the token goes nowhere else. */
export async function request(url: string, options: HttpRequest = {}): Promise<Response> {
  const first = new URL(url);
  let at = first;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const headers: Record<string, string> = { 'accept-encoding': 'identity', ...options.headers };
    if (options.token && at.origin === first.origin) {
      headers.authorization = `Bearer ${options.token}`;
    }
    const response = await send(at, headers, options);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return response;
    if (options.isWanted?.(response)) return response;
    const next = new URL(location, at);
    if (next.protocol !== 'https:' && next.protocol !== first.protocol) {
      throw new DramatisError('FETCH_FAILED', `${shown(at)} redirects to ${next.protocol}//`);
    }
    await response.body?.cancel();
    at = next;
  }
  throw new DramatisError(
    'FETCH_FAILED',
    `${shown(first)} redirects more than ${maxRedirects} times`,
  );
}

/** One exchange, through the proxy that the environment names for it, if any. */
async function send(
  url: URL,
  headers: Record<string, string>,
  { method = 'GET', signal = undefined, env = process.env }: HttpRequest,
): Promise<Response> {
  const init = { method, headers, redirect: 'manual', signal: signal ?? null } as const;
  const proxy = proxyFor(url, env);
  if (proxy === undefined) return fetch(url, init);
  // Loaded where it is needed: most have no proxy. Its fetch and agent belong together, whatever Node's own are.
  const { fetch: fetchThrough } = await import('undici');
  return fetchThrough(url, { ...init, dispatcher: await agentFor(proxy) });
}

/** Agents by the address of their proxy: connections are kept open for the next request. */
const agents = new Map<string, ProxyAgent>();

async function agentFor(proxy: string): Promise<ProxyAgent> {
  const { ProxyAgent } = await import('undici');
  // A tunnel for https; what is not encrypted anyway is asked of the proxy, as most proxies want it.
  const agent = agents.get(proxy) ?? new ProxyAgent({ uri: proxy, proxyTunnel: false });
  agents.set(proxy, agent);
  return agent;
}

/** Reads a body of JSON that may be so long; undefined if it is none, or longer. */
export async function jsonOf(response: Response, mostBytes: number): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > mostBytes) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A URL fit to be printed: without what signs or authorises it. */
export function shown(url: URL | string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** What is said of pip when it has no connection. */
export const unreachedIndex = 'it reaches no package index';

/** Whether the reason of a failed request says that no way leads to its host: no network, or none that knows the name. */
export function isUnreachable(reason: string): boolean {
  if (reason.endsWith(unreachedIndex)) return true;
  return /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN)\b/.test(reason);
}

/** Why a request failed, in words: `fetch` hides it one or two causes deep. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? reasonOf(cause) : error.message || error.name;
}
