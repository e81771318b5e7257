import { embeddingModel } from '../../hub/catalogue.ts';
import { Refusal } from '../failure.ts';
import type { App } from '../guarded-app.ts';
import type { Served } from '../served.ts';
import { embeddingsBody } from './schemas.ts';

/** Vectors of texts, as OpenAI's API has them. */
export function embeddingRoutes(app: App, served: Served): void {
  app.post(
    '/v1/embeddings',
    { schema: { summary: 'Vectors of texts', body: embeddingsBody } },
    async ({ body }) => {
      const { model, input, encoding_format: format = 'float', dimensions } = body;
      if (model !== embeddingModel)
        throw new Refusal(
          404,
          'model_not_found',
          `the model "${model.slice(0, 100)}" makes no vectors`,
          {
            param: 'model',
            remedy: `Ask for "${embeddingModel}".`,
          },
        );
      const engine = await served.engine();
      const embedder = await engine.embedder();
      if (dimensions !== undefined && dimensions !== embedder.width)
        throw new Refusal(400, 'invalid_value', `its vectors have ${embedder.width} numbers`, {
          param: 'dimensions',
          remedy: 'Leave "dimensions" out.',
        });
      const texts = [input].flat();
      const vectors = await embedder.embed(texts);
      const tokens = texts.reduce((all, text) => all + embedder.model.tokenize(text).length, 0);
      return {
        object: 'list',
        model,
        data: vectors.map((vector, index) => ({
          object: 'embedding',
          index,
          embedding:
            format === 'base64'
              ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
              : [...vector],
        })),
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      };
    },
  );
}
