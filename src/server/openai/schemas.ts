import { type Static, Type } from 'typebox';

/** What clients of OpenAI's API send. What is not named here is ignored, as that API's own servers do. */

const model = Type.String({ minLength: 1, maxLength: 300 });
const longText = Type.String({ maxLength: 1_000_000 });
const sizes = {
  max_tokens: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: 100_000 }), Type.Null()]),
  ),
  temperature: Type.Optional(Type.Union([Type.Number({ minimum: 0, maximum: 2 }), Type.Null()])),
  top_p: Type.Optional(Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 1 }), Type.Null()])),
  seed: Type.Optional(
    Type.Union([
      Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
      Type.Null(),
    ]),
  ),
  stop: Type.Optional(
    Type.Union([
      Type.String({ minLength: 1, maxLength: 200 }),
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 4 }),
      Type.Null(),
    ]),
  ),
  n: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 4 }), Type.Null()])),
  logit_bias: Type.Optional(
    Type.Union([
      Type.Record(
        Type.String({ pattern: '^\\d{1,7}$' }),
        Type.Number({ minimum: -100, maximum: 100 }),
      ),
      Type.Null(),
    ]),
  ),
  stream: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  stream_options: Type.Optional(
    Type.Union([
      Type.Object({ include_usage: Type.Optional(Type.Boolean()) }, { additionalProperties: true }),
      Type.Null(),
    ]),
  ),
};

const part = Type.Object(
  { type: Type.String({ maxLength: 40 }), text: Type.Optional(longText) },
  { additionalProperties: true },
);
const message = Type.Object(
  {
    role: Type.Enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: Type.Optional(
      Type.Union([longText, Type.Array(part, { maxItems: 1000 }), Type.Null()]),
    ),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: true },
);

export const chatBody = Type.Object(
  {
    model,
    messages: Type.Array(message, { minItems: 1, maxItems: 10_000 }),
    ...sizes,
    max_completion_tokens: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 100_000 }), Type.Null()]),
    ),
    logprobs: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    top_logprobs: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: 20 }), Type.Null()]),
    ),
    response_format: Type.Optional(
      Type.Union([
        Type.Object(
          {
            type: Type.Enum(['text', 'json_object', 'json_schema']),
            json_schema: Type.Optional(
              Type.Object(
                { schema: Type.Optional(Type.Object({}, { additionalProperties: true })) },
                { additionalProperties: true },
              ),
            ),
          },
          { additionalProperties: true },
        ),
        Type.Null(),
      ]),
    ),
    /** What only these models know. */
    dramatis: Type.Optional(
      Type.Object(
        {
          at: Type.Optional(Type.String({ pattern: '^\\d{1,4}\\.\\d{1,4}(?:\\.\\d{1,6})?$' })),
          cast: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 64 }),
          ),
          to: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          adapter: Type.Optional(Type.String({ pattern: '^(?:[0-9a-f]{4,64}|none|promoted)$' })),
          steer: Type.Optional(Type.String({ maxLength: 400 })),
          memory: Type.Optional(Type.Boolean()),
          explain: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: true },
);
export type ChatBody = Static<typeof chatBody>;

export const completionBody = Type.Object(
  {
    model,
    prompt: Type.Union([longText, Type.Array(longText, { minItems: 1, maxItems: 64 })]),
    ...sizes,
    max_tokens: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: 100_000 }), Type.Null()]),
    ),
    echo: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    logprobs: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 20 }), Type.Null()])),
  },
  { additionalProperties: true },
);
export type CompletionBody = Static<typeof completionBody>;

export const embeddingsBody = Type.Object(
  {
    model,
    input: Type.Union([longText, Type.Array(longText, { minItems: 1, maxItems: 2048 })]),
    encoding_format: Type.Optional(Type.Enum(['float', 'base64'])),
    dimensions: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: true },
);

const modelEntry = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('model'),
    created: Type.Integer(),
    owned_by: Type.String(),
  },
  { additionalProperties: true },
);
export const modelSchema = modelEntry;
export const modelsSchema = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(modelEntry),
});
export const modelParams = Type.Object({
  play: Type.String({ maxLength: 100 }),
  id: Type.String({ maxLength: 200 }),
});
