import { Refusal } from '../failure.ts';
import type { App, GuardedOptions } from '../guarded-app.ts';
import { isSame, keyCookie, keyOf } from '../guards.ts';

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Dramatis</title></head>
<body><main><h1>Dramatis</h1><form method="post" action="/login">
<p><label>Key <input name="key" type="password" autocomplete="current-password" required autofocus></label>
<button>Sign in</button></p></form></main></body></html>
`;

/** Seconds for which a browser keeps a key. */
const keptSeconds = 30 * 24 * 3600;

/** Gives a browser the key that it sends along from then on, where scripts cannot read it. */
export function loginRoutes(app: App, { keys = [] }: Pick<GuardedOptions, 'keys'>): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.get('/login', { schema: { hide: true } }, (_, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page),
  );
  app.post<{ Body: { readonly key?: unknown } | undefined }>(
    '/login',
    { schema: { hide: true } },
    (request, reply) => {
      const given = String(request.body?.key ?? '');
      if (!keys.some((key) => isSame(key, given)))
        throw new Refusal(401, 'invalid_api_key', 'the key is wrong');
      const secure = request.protocol === 'https' ? '; Secure' : '';
      return reply
        .header(
          'set-cookie',
          `${keyCookie}=${encodeURIComponent(given)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${keptSeconds}${secure}`,
        )
        .redirect('/', 303);
    },
  );
  if (keys.length === 0) return;
  // Who has no key yet is shown where to give it, in place of a page that can do nothing.
  app.addHook('preHandler', async (request, reply) => {
    const isPage = request.method === 'GET' && request.url.replace(/\?.*$/, '') === '/';
    const has = keyOf(request.headers);
    if (isPage && !keys.some((key) => has !== undefined && isSame(key, has)))
      return reply.redirect('/login', 303);
    return undefined;
  });
}
