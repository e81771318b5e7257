import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routedHome } from './tiny-server.test.support.ts';

/** Bodies of each route; DRAMATIS_FUZZ_RUNS asks for more than a gate has time for. */
const runs = Number(process.env.DRAMATIS_FUZZ_RUNS ?? 300);

const at = routedHome();

/** A schema as JSON Schema has it, as much as is used here. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

const odd = fc.oneof(
  fc.constantFrom(null, true, '', 'hamlet', '3.1', -1, 1e308, 2 ** 53, [], {}, '\u0000', '\ud800'),
  fc.string({ maxLength: 30 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Mostly what fits a schema, and now and then what does not. */
function bodyFor(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fitting(schema, depth) }, { weight: 1, arbitrary: odd });
}

function fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one, depth)));
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(
        ([name, one]) => [name, bodyFor(one, depth + 1)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array':
      return fc.array(bodyFor(schema.items ?? {}, depth + 1), { maxLength: 3 });
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? -5,
        max: Math.min(schema.maximum ?? 50, 2 ** 31),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 2, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.oneof(
        fc.constantFrom(
          'marta',
          'bruno',
          'lantern',
          '1.2',
          at.served.opened!.modelName,
          'user',
          'marta@1.2',
        ),
        fc.string({ maxLength: 30 }),
      );
    default:
      return odd;
  }
}

describe('Bodies that nobody meant', () => {
  it('are never answered with a fault of the server', async () => {
    const spec = at.app.swagger() as unknown as {
      paths: Record<
        string,
        Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>
      >;
    };
    const routes = Object.entries(spec.paths).flatMap(([path, methods]) => {
      const schema = methods.post?.requestBody?.content['application/json']?.schema;
      return schema ? [{ path, schema }] : [];
    });
    expect(routes.length).toBeGreaterThanOrEqual(7);
    const begun = await at.app.inject({
      ...{ method: 'POST', url: '/api/conversations', headers },
      payload: { play: 'lantern', cast: ['marta'], memory: false },
    });
    const { id } = begun.json() as { id: string };
    for (const { path, schema } of routes) {
      const url = path
        .replace('{id}', path.includes('adapters') ? 'abcdef' : id)
        .replace('{act}', 'promote');
      await fc.assert(
        fc.asyncProperty(bodyFor(schema), async (body) => {
          const payload = tamed(path, body);
          const { statusCode, body: text } = await at.app.inject({
            method: 'POST',
            url,
            headers,
            payload,
          });
          expect(statusCode, `${url} ${payload}\n${text}`).not.toBe(500);
          expect(text).not.toContain(at.home.folder);
        }),
        { numRuns: Math.ceil(runs / routes.length), endOnFailure: true },
      );
    }
    expect(at.home.faults).toEqual([]);
  });
});

const headers = { 'x-dramatis': '1', host: '127.0.0.1:80', 'content-type': 'application/json' };

/** What would only take long: many tokens, and the memory that is not here. */
function tamed(path: string, body: unknown): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return JSON.stringify(body) ?? '';
  const given: Record<string, unknown> = { ...body };
  if (Number(given.max_tokens) > 4 || given.max_tokens === undefined) given.max_tokens = 4;
  if (path.startsWith('/v1/')) delete given.max_completion_tokens;
  else delete given.max_tokens;
  if (path === '/api/conversations') given.start = false;
  if (given.do === 'start') given.do = 'pause';
  return JSON.stringify(given);
}
