import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { answerBroken } from './broken-request.ts';
import { crossOriginHeaders, isPreflight, preflightHeaders } from './cross-origin.ts';
import { failureOf, Refusal } from './failure.ts';
import { type GuardOptions, guard } from './guards.ts';
import type { Metrics } from './metrics.ts';
import { securityHeaders } from './security-headers.ts';

/** A Fastify whose routes have their types from their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What is told of a request when it is over. */
interface Access {
  readonly time: string;
  readonly method: string;
  /** Without its query, in which words may stand. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly bytes: number;
  /** What was asked, where that is wanted. */
  readonly body?: unknown;
}

/** Who may ask a server, how much at once, and who hears of it. */
export interface GuardedOptions extends GuardOptions {
  /** Called for each request when it is over. */
  readonly access?: ((access: Access) => void) | undefined;
  /** Whether `access` is told the bodies of requests, in which what people say stands. */
  readonly logsBodies?: boolean | undefined;
  /** Called with what went wrong through a fault of the server's own. */
  readonly fault?: ((error: unknown) => void) | undefined;
  /** Milliseconds in which a request must have arrived whole. Default: 30,000. */
  readonly arrivalMs?: number | undefined;
  /** Bytes of a request's body, at most. Default: 1 MiB. */
  readonly bodyBytes?: number | undefined;
  /** Whether a proxy stands before the server and says in "X-Forwarded-For" whose address asks. */
  readonly trustsProxy?: boolean | undefined;
  /** What is said beside a path that there is not. */
  readonly remedyOfPath?: string | undefined;
  /** Sites whose pages may show this one in a frame. Default: none. */
  readonly frames?: readonly string[] | undefined;
}

/** Bytes of a request's body, at most. */
const bodyLimit = 1 << 20;
/** Milliseconds in which a request must have arrived whole, unless the options say otherwise. */
const defaultArrivalMs = 30_000;
/** How often it is looked for requests that have not, in milliseconds. */
const lookMs = 1_000;

/** A server behind its guards that has no routes yet: what is asked of it is refused, counted and answered as everywhere. */
export function makeGuardedApp(metrics: Metrics, options: GuardedOptions): App {
  const { arrivalMs = defaultArrivalMs } = options;
  const app = fastify({
    bodyLimit: options.bodyBytes ?? bodyLimit,
    requestTimeout: arrivalMs,
    // One proxy: what it says of the address it was asked from counts, and nothing that was said to it.
    trustProxy: options.trustsProxy ? (_, hop) => hop === 0 : false,
    http: {
      connectionsCheckingInterval: Math.min(lookMs, arrivalMs),
      // Node takes the larger of the two for the whole request, and this one is a minute unless set.
      headersTimeout: arrivalMs,
    },
    clientErrorHandler: answerBroken,
    // A connection that a client has opened and never used would keep the server from ending.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    exposeHeadRoutes: true,
    frameworkErrors: (error, request, reply) => {
      answer(error, request, reply, options);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    answer(error, request, reply, options);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/\?.*$/, '');
    const remedy = options.remedyOfPath ?? 'See /openapi.json for what there is.';
    answer(
      new Refusal(404, 'not_found', `there is nothing at ${path.slice(0, 200)}`, { remedy }),
      request,
      reply,
      options,
    );
  });
  app.addHook('onRequest', async (request, reply) => {
    const { allowedOrigins } = options;
    reply.headers(securityHeaders(options.frames));
    reply.headers(crossOriginHeaders(request, allowedOrigins));
    guardRequest(request, options);
    if (isPreflight(request, allowedOrigins))
      return reply.headers(preflightHeaders).code(204).send();
  });
  app.addHook('onResponse', async (_, reply) => {
    metrics.count('dramatis_requests_total', 1, `status="${reply.statusCode}"`);
  });
  if (options.access) logAccess(app, options.access, options.logsBodies ?? false);
  return app;
}

function guardRequest(request: FastifyRequest, options: GuardOptions): void {
  const { method, url, headers, socket } = request;
  const path = url.replace(/\?.*$/, '');
  guard({ method, path, headers, port: socket.localPort ?? 80 }, options);
}

/** Answers with what went wrong; a fault of the server's own is told to whoever runs it. */
function answer(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: GuardedOptions,
): void {
  if (!reply.hasHeader('content-security-policy')) {
    // Fastify did not get as far as the hook.
    reply.headers(securityHeaders(options.frames));
    reply.headers(crossOriginHeaders(request, options.allowedOrigins));
    try {
      guardRequest(request, options);
    } catch (refusal) {
      send(failureOf(refusal), reply);
      return;
    }
  }
  const failure = failureOf(error);
  if (failure.status === 500) options.fault?.(error);
  send(failure, reply);
}

function send({ status, body, retryAfter }: ReturnType<typeof failureOf>, reply: FastifyReply) {
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function logAccess(app: App, access: (access: Access) => void, logsBodies: boolean): void {
  app.addHook('onResponse', async (request, reply) => {
    access({
      time: new Date().toISOString(),
      method: request.method,
      path: request.url.replace(/\?.*$/, ''),
      status: reply.statusCode,
      ms: Math.round(10 * reply.elapsedTime) / 10,
      bytes: Number(reply.getHeader('content-length') ?? 0),
      ...(logsBodies && { body: request.body }),
    });
  });
}
