import { describe, expect, it } from 'vitest';
import { type Asked, type GuardOptions, guard, isLoopback } from './guards.ts';

const own: GuardOptions = { host: '127.0.0.1' };

/** The status that a request is refused with; 200 for one that is let through. */
function statusOf(
  { headers = {}, ...asked }: Partial<Asked> = {},
  options: GuardOptions = own,
): number {
  const host = { host: '127.0.0.1:4870' };
  try {
    guard(
      { method: 'GET', path: '/api/plays', port: 4870, ...asked, headers: { ...host, ...headers } },
      options,
    );
    return 200;
  } catch (refusal) {
    return (refusal as { status: number }).status;
  }
}
const withHost = (host: string | undefined, options = own): number =>
  statusOf({ headers: { host } }, options);

describe('A server on this machine', () => {
  it('is asked for by its own names alone', () => {
    for (const host of ['127.0.0.1:4870', 'localhost:4870', '[::1]:4870', 'LOCALHOST:4870'])
      expect(withHost(host), host).toBe(200);
    const strangers = [
      ...['evil.com', 'evil.com:4870', 'localhost.evil.com', 'localhost.evil.com:4870'],
      ...['127.0.0.1:80', '127.0.0.1.evil.com:4870', '[::ffff:127.0.0.1]:4870', '0.0.0.0:4870'],
      ...['user@localhost:4870', 'localhost:4870.evil.com', '', undefined],
    ];
    for (const host of strangers) expect(withHost(host), String(host)).toBe(403);
  });

  it('is asked for by names that it was told of', () => {
    const options = { ...own, allowedHosts: ['box.lan', 'other:99'] };
    for (const host of ['box.lan', 'box.lan:4870', 'other:99'])
      expect(withHost(host, options)).toBe(200);
    for (const host of ['other', 'box.lan.evil.com']) expect(withHost(host, options)).toBe(403);
  });

  it('listens to no page of another site', () => {
    const from = (headers: Record<string, string>, method = 'GET') => statusOf({ headers, method });
    expect(from({ origin: 'http://127.0.0.1:4870' })).toBe(200);
    for (const origin of [
      'https://evil.com',
      'null',
      'http://127.0.0.1:1',
      'http://localhost:4870',
    ])
      expect(from({ origin }), origin).toBe(403);
    expect(from({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(statusOf({ headers: link, path: '/' })).toBe(200);
    expect(statusOf({ headers: link, path: '/api/plays' })).toBe(403);
  });

  it('listens to a site that it was told of', () => {
    const options = { ...own, allowedOrigins: ['https://friend.org'] };
    const headers = { origin: 'https://friend.org', 'sec-fetch-site': 'cross-site' };
    expect(statusOf({ headers }, options)).toBe(200);
  });

  it('changes something only for who says that they mean to', () => {
    for (const method of ['POST', 'DELETE', 'PUT']) {
      expect(statusOf({ method })).toBe(403);
      expect(statusOf({ method, headers: { 'content-type': 'text/plain' } })).toBe(403);
      expect(statusOf({ method, headers: { 'x-dramatis': '1' } })).toBe(200);
      expect(statusOf({ method, headers: { authorization: 'Bearer any' } })).toBe(200);
    }
    for (const method of ['GET', 'HEAD']) expect(statusOf({ method })).toBe(200);
  });
});

describe('A server with keys', () => {
  const keyed: GuardOptions = { host: '0.0.0.0', keys: ['one-key', 'two'], allowedHosts: ['box'] };
  const asked = (headers: Record<string, string>, path = '/api/plays') =>
    statusOf({ headers: { host: 'box', ...headers }, path }, keyed);

  it('answers who has one, in a header or in its cookie', () => {
    expect(asked({})).toBe(401);
    expect(asked({ authorization: 'Bearer wrong' })).toBe(401);
    expect(asked({ authorization: 'one-key' })).toBe(401);
    expect(asked({ authorization: 'Bearer one-key' })).toBe(200);
    expect(asked({ authorization: 'bearer two' })).toBe(200);
    expect(asked({ cookie: 'a=b; dramatis-key=two' })).toBe(200);
    expect(asked({ cookie: 'dramatis-key=%E0%A4%A' })).toBe(401);
  });

  it('shows the page that asks for it to everybody', () => {
    for (const path of ['/', '/page.js', '/style.css', '/health'])
      expect(asked({}, path)).toBe(200);
    for (const path of ['/v1/models', '/metrics', '/openapi.json', '/api/x.js'])
      expect(asked({}, path), path).toBe(401);
  });
});

describe('An address', () => {
  it('is known to be this machine alone', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '::1'])
      expect(isLoopback(host)).toBe(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.evil.com'])
      expect(isLoopback(host)).toBe(false);
  });
});
