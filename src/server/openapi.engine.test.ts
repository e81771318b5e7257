import { describe, expect, it } from 'vitest';
import { makeApp } from './app.ts';
import { routedHome } from './tiny-server.test.support.ts';

const at = routedHome();

/** Routes that are of no use to a program. */
const hidden = [
  'GET /',
  'GET /login',
  'POST /login',
  'GET /openapi.json',
  'GET /page.js',
  'GET /style.css',
  'GET /icon.svg',
];

interface Limited {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Limited[];
}

interface Body {
  readonly schema: { readonly properties?: Readonly<Record<string, Limited>> };
}

/** Each number of a body: its name, the least and the most that it may be. */
function limitsOf(schema: Body['schema'] | undefined): [string, number, number | undefined][] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) =>
    [property, ...(property.anyOf ?? [])].flatMap((one): [string, number, number | undefined][] => {
      const low = one.minimum ?? one.exclusiveMinimum;
      return low === undefined ? [] : [[name, low, one.maximum]];
    }),
  );
}

describe('/openapi.json', () => {
  it('has every route, each with a sentence, and no other', async () => {
    const answer = await at.app.inject({ url: '/openapi.json', headers: { host: 'localhost' } });
    const { paths } = answer.json() as {
      paths: Record<string, Record<string, { summary?: string }>>;
    };
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    for (const one of told) {
      const [method = '', url = ''] = one.split(' ');
      expect(at.app.hasRoute({ method: method as 'GET', url }), one).toBe(true);
    }
    for (const methods of Object.values(paths))
      for (const { summary } of Object.values(methods)) expect(summary).toBeTruthy();
    const count = [...at.app.printRoutes({ commonPrefix: false }).matchAll(/\(([A-Z, ]+)\)/g)]
      .flatMap(([, methods]) => methods!.split(', '))
      .filter((method) => method !== 'HEAD' && method !== 'OPTIONS').length;
    const kept = hidden.filter((one) => {
      const [method = '', url = ''] = one.split(' ');
      return at.app.hasRoute({ method: method as 'GET', url });
    });
    expect(count).toBe(told.length + kept.length);
  });

  it('is behind the same guards as all else, with the same headers, faults and what is not there among it', async () => {
    for (const url of [
      '/',
      '/openapi.json',
      '/api/plays',
      '/nope',
      '/%zz',
      '/api/events',
      '/metrics',
    ]) {
      const wrong = await at.app.inject({ url, headers: { host: 'evil.com' } });
      expect(wrong.statusCode, url).toBe(403);
      const right = await at.app.inject({
        url: url === '/api/events' ? '/health' : url,
        headers: { host: 'localhost' },
      });
      for (const { headers } of [wrong, right]) {
        expect(headers['content-security-policy'], url).toContain(
          "require-trusted-types-for 'script'",
        );
        expect(headers['x-content-type-options'], url).toBe('nosniff');
        expect(headers['access-control-allow-origin'], url).toBeUndefined();
      }
    }
    const posted = await at.app.inject({
      method: 'POST',
      url: '/api/conversations',
      headers: { host: 'localhost' },
    });
    expect(posted.statusCode).toBe(403);
  });

  it('says of every number in a body how far it may go, and one that goes farther is refused by its name', async () => {
    const { paths } = at.app.swagger() as unknown as {
      paths: Record<string, Record<string, { requestBody?: { content: Record<string, Body> } }>>;
    };
    const beyond = Object.entries(paths).flatMap(([path, { post }]) =>
      limitsOf(post?.requestBody?.content['application/json']?.schema).flatMap(
        ([name, low, high]) => [
          { path, name, value: low - 1 },
          ...(high === undefined ? [] : [{ path, name, value: high + 1 }]),
        ],
      ),
    );
    expect(beyond.length).toBeGreaterThan(30);
    for (const { path, name, value } of beyond) {
      const answer = await at.app.inject({
        ...{ method: 'POST', url: path.replaceAll(/\{\w+\}/g, 'abcdef') },
        headers: { host: 'localhost', 'x-dramatis': '1' },
        payload: { [name]: value },
      });
      expect([answer.statusCode, answer.json()], `${path} ${name} ${value}`).toMatchObject([
        400,
        { error: { param: name, code: 'invalid_value', remedy: expect.any(String) } },
      ]);
    }
    expect(at.home.faults).toEqual([]);
  });

  it('is what /metrics counts beside', async () => {
    const { body } = await at.app.inject({ url: '/metrics', headers: { host: 'localhost' } });
    expect(body).toMatch(/^# TYPE dramatis_requests_total counter$/m);
    expect(body).toMatch(/^dramatis_requests_total\{status="403"\} \d+$/m);
  });
});

describe('A server with keys', () => {
  it('gives a browser its key where scripts cannot read it', async () => {
    const keyed = await makeApp(at.served, { host: '127.0.0.1', keys: ['open-sesame'] });
    const own = { host: 'localhost', origin: 'http://localhost' };
    const ask = (key: string) =>
      keyed.inject({
        ...{ method: 'POST', url: '/login', payload: `key=${key}` },
        headers: { ...own, 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await keyed.inject({ url: '/', headers: own })).headers.location).toBe('/login');
    expect((await ask('wrong')).statusCode).toBe(401);
    const signed = await ask('open-sesame');
    expect(signed.statusCode).toBe(303);
    const cookie = String(signed.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const headers = { ...own, cookie: cookie.split(';')[0]! };
    expect((await keyed.inject({ url: '/api/plays', headers })).statusCode).toBe(200);
    expect((await keyed.inject({ url: '/api/plays', headers: own })).statusCode).toBe(401);
    await keyed.close();
  });
});
