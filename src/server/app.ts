import swagger from '@fastify/swagger';
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
import { version } from '../workspace/program.ts';
import { answerBroken } from './broken-request.ts';
import { crossOriginHeaders, isPreflight, preflightHeaders } from './cross-origin.ts';
import { failureOf, Refusal } from './failure.ts';
import { type GuardOptions, guard } from './guards.ts';
import { chatCompletionRoutes } from './openai/chat-completions.ts';
import { completionRoutes } from './openai/completions.ts';
import { embeddingRoutes } from './openai/embeddings.ts';
import { modelRoutes } from './openai/models.ts';
import { servePage } from './page-files.ts';
import { adapterRoutes } from './routes/adapters.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { loginRoutes } from './routes/login.ts';
import { measureRoutes } from './routes/measures.ts';
import { playRoutes } from './routes/plays.ts';
import { promptRoutes } from './routes/prompts.ts';
import { securityHeaders } from './security-headers.ts';
import type { Served } from './served.ts';

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

export interface AppOptions extends GuardOptions {
  /** Called for each request when it is over. */
  readonly access?: ((access: Access) => void) | undefined;
  /** Whether `access` is told the bodies of requests, in which what people say stands. */
  readonly logsBodies?: boolean | undefined;
  /** Called with what went wrong through a fault of the server's own. */
  readonly fault?: ((error: unknown) => void) | undefined;
  /** Milliseconds in which a request must have arrived whole. Default: 30,000. */
  readonly arrivalMs?: number | undefined;
  /** Folder of the page, for tests. */
  readonly page?: string | undefined;
}

/** Bytes of a request's body, at most. */
const bodyLimit = 1 << 20;
/** Milliseconds in which a request must have arrived whole, unless the options say otherwise. */
const defaultArrivalMs = 30_000;
/** How often it is looked for requests that have not, in milliseconds. */
const lookMs = 1_000;

/** The server's routes behind its guards: what `listen` is called on, or tests put requests into. */
export async function makeApp(served: Served, options: AppOptions): Promise<App> {
  const { arrivalMs = defaultArrivalMs } = options;
  const app = fastify({
    bodyLimit,
    requestTimeout: arrivalMs,
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
    answer(
      new Refusal(404, 'not_found', `there is nothing at ${path.slice(0, 200)}`, {
        remedy: 'See /openapi.json for what there is.',
      }),
      request,
      reply,
      options,
    );
  });
  app.addHook('onRequest', async (request, reply) => {
    const { allowedOrigins } = options;
    reply.headers({ ...securityHeaders, ...crossOriginHeaders(request, allowedOrigins) });
    guardRequest(request, options);
    if (isPreflight(request, allowedOrigins))
      return reply.headers(preflightHeaders).code(204).send();
  });
  app.addHook('onResponse', async (_, reply) => {
    served.metrics.count('dramatis_requests_total', 1, `status="${reply.statusCode}"`);
  });
  if (options.access) logAccess(app, options.access, options.logsBodies ?? false);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dramatis',
        version: version(),
        description: 'Characters of plays: scenes that go on, and an endpoint as OpenAI has it.',
      },
    },
  });
  app.after(() => {
    healthRoutes(app, served);
    playRoutes(app, served);
    adapterRoutes(app, served);
    conversationRoutes(app, served);
    eventRoutes(app, served);
    modelRoutes(app, served);
    chatCompletionRoutes(app, served);
    completionRoutes(app, served);
    embeddingRoutes(app, served);
    measureRoutes(app, served);
    loginRoutes(app, options);
    promptRoutes(app, served);
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  });
  await app.after();
  await servePage(app, options.page);
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
  options: AppOptions,
): void {
  if (!reply.hasHeader('content-security-policy')) {
    // Fastify did not get as far as the hook.
    reply.headers({ ...securityHeaders, ...crossOriginHeaders(request, options.allowedOrigins) });
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
