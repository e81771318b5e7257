import { DramatisError } from '../errors.ts';

const maxRedirects = 8;

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a bearer token to the host of the first URL only: a redirect to another drops it. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hosts send a file's checksum with the redirect to its storage: true returns that answer. */
  readonly stopAtOtherHost?: boolean;
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
    const response = await fetch(at, {
      method: options.method ?? 'GET',
      headers,
      redirect: 'manual',
      signal: options.signal ?? null,
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return response;
    const next = new URL(location, at);
    if (options.stopAtOtherHost && next.origin !== first.origin) return response;
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
