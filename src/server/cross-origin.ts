import type { IncomingHttpHeaders } from 'node:http';

/** What is looked at to tell whose page asks. */
interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

type AllowedOrigins = readonly string[] | undefined;

const isAllowed = ({ headers: { origin } }: Asked, allowed: AllowedOrigins = []): boolean =>
  origin !== undefined && allowed.includes(origin);

/**
 * Headers by which a browser hands an answer to a page of another site that may have it; none for everybody else. A key goes
 * in a header: cookies of this server are of no use to another site.
 */
export function crossOriginHeaders(
  asked: Asked,
  allowed: AllowedOrigins,
): Readonly<Record<string, string>> {
  if (!isAllowed(asked, allowed)) return {};
  return {
    'access-control-allow-origin': asked.headers.origin!,
    'access-control-expose-headers': 'etag, location, retry-after, content-disposition',
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'origin',
  };
}

/** Whether a browser asks, in the name of an allowed page, whether it may ask: without key or marker, which it cannot send yet. */
export const isPreflight = (asked: Asked, allowed: AllowedOrigins): boolean =>
  asked.method === 'OPTIONS' &&
  asked.headers['access-control-request-method'] !== undefined &&
  isAllowed(asked, allowed);

/** What such a page may ask, for ten minutes from now on. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, x-dramatis, idempotency-key, last-event-id, if-none-match',
  // A public page asks a server of a private network; Chromium wants to be told that it may.
  'access-control-allow-private-network': 'true',
  'access-control-max-age': '600',
};
