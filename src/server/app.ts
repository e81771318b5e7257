import swagger from '@fastify/swagger';
import { version } from '../workspace/program.ts';
import { type App, type GuardedOptions, makeGuardedApp } from './guarded-app.ts';
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
import type { Served } from './served.ts';

export interface AppOptions extends GuardedOptions {
  /** Folder of the page, for tests. */
  readonly page?: string | undefined;
}

/** The server's routes behind its guards: what `listen` is called on, or tests put requests into. */
export async function makeApp(served: Served, options: AppOptions): Promise<App> {
  const app = makeGuardedApp(served.metrics, options);
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
