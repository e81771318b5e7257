import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isPreflight } from './cross-origin.ts';
import { Refusal } from './failure.ts';

/** Who may ask a server for something. */
export interface GuardOptions {
  /** What the server listens on. */
  readonly host: string;
  /** Other names under which it may be asked for, with or without a port. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Other sites whose pages may ask, such as "https://example.org". */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Keys of which every request must have one; none: no key is asked for. */
  readonly keys?: readonly string[] | undefined;
}

/** What a guard looks at. */
export interface Asked {
  readonly method: string;
  /** Path without its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Port that the request came to. */
  readonly port: number;
}

/** Name of the cookie that holds a key where no header can: a page's stream of events. */
export const keyCookie = 'dramatis-key';

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** What may be asked for without a key: the page that asks for it, and whether the server is there. */
const open = /^\/(?:$|login$|health$|[\w-]+\.(?:html|js|css|svg|ico|map)$)/;

/**
 * Refuses what does not come from this server's own page or from a program that knows it, in this order: the host's name is
 * exact (a page of another site that points its name at this machine has another), the origin is the server's own or is
 * allowed, no other site's page asks, what changes something says that it means to, the key is right.
 *
 * @throws {Refusal} 403, or 401 for a key.
 */
export function guard(asked: Asked, options: GuardOptions): void {
  requireHost(asked, options);
  requireOrigin(asked, options);
  if (isPreflight(asked, options.allowedOrigins)) return;
  requireIntent(asked);
  requireKey(asked, options);
}

function requireHost({ headers, port }: Asked, { host, allowedHosts = [] }: GuardOptions): void {
  const given = headers.host?.toLowerCase();
  const own = [...loopback, bracketed(host.toLowerCase())];
  const names = allowedHosts.map((name) => name.toLowerCase());
  const known = [...own, ...names].flatMap((name) =>
    hasPort(name) ? [name] : [name, `${name}:${port}`],
  );
  // Without a port a name means 80, which only who stands before this server has.
  const isKnown = given !== undefined && known.includes(given);
  if (isKnown) return;
  throw new Refusal(403, 'host_not_allowed', 'the Host header names another server', {
    remedy: 'Ask for the address that the server printed, or start it with --allow-host NAME.',
  });
}

function requireOrigin(asked: Asked, options: GuardOptions): void {
  const { origin, host, 'sec-fetch-site': site } = asked.headers;
  const { allowedOrigins = [] } = options;
  const isAllowed = origin !== undefined && allowedOrigins.includes(origin);
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (isAllowed) return;
  // A link on another site may open the page; nothing else may come from there.
  const isLink = asked.method === 'GET' && asked.headers['sec-fetch-mode'] === 'navigate';
  if (isOwn && (site !== 'cross-site' || (isLink && open.test(asked.path)))) return;
  throw new Refusal(403, 'origin_not_allowed', 'a page of another site asks', {
    remedy: 'Start the server with --allow-origin and the site’s address, if it may.',
  });
}

const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);

function requireIntent({ method, path, headers }: Asked): void {
  // A form or a script of another site can set neither of these without being asked first, and then it is refused.
  if (isSafe(method) || headers['x-dramatis'] !== undefined || headers.authorization !== undefined)
    return;
  // The form by which a key is given is the server's own, which its origin shows.
  if (path === '/login' && headers.origin !== undefined) return;
  throw new Refusal(403, 'marker_missing', 'the request lacks the header "X-Dramatis: 1"', {
    remedy: 'Send "X-Dramatis: 1" or a key with what changes something.',
  });
}

function requireKey({ path, method, headers }: Asked, { keys = [] }: GuardOptions): void {
  if (keys.length === 0 || (open.test(path) && (isSafe(method) || path === '/login'))) return;
  const given = keyOf(headers);
  if (given !== undefined && keys.some((key) => isSame(key, given))) return;
  throw new Refusal(
    401,
    'invalid_api_key',
    given === undefined ? 'a key is wanted' : 'the key is wrong',
    { remedy: 'Send "Authorization: Bearer KEY", or sign in at /login.' },
  );
}

/** The key of a request: of its Authorization header, or of its cookie. */
export function keyOf({ authorization, cookie }: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const pair = (cookie ?? '')
    .split(/;\s*/)
    .map((one) => one.split('='))
    .find(([name]) => name === keyCookie);
  return pair?.[1] === undefined ? undefined : decoded(pair[1]);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** In constant time, whatever the lengths. */
export function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** Whether only programs of this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
const hasPort = (name: string): boolean => /:\d+$/.test(name.replace(/^\[.*\]/, ''));
