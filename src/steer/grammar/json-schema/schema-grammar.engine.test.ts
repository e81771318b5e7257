import { describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../../../engine/grammar-syntax.ts';
import { GrammarSampler } from '../sample-grammar.ts';
import { grammarOfJsonSchema } from './schema-grammar.ts';

/** Numbers from 0 to below 1 that are the same each time. */
function random(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Values of so many texts drawn from a schema's grammar, each of which must be JSON. */
function drawn(schema: unknown, count = 60): unknown[] {
  const sampler = new GrammarSampler(grammarOfJsonSchema(schema), random());
  return Array.from({ length: count }, () => JSON.parse(sampler.draw()));
}

/** Whether a schema's grammar takes a JSON text as it stands. */
function takes(schema: unknown): (text: string) => boolean {
  const grammar = byteGrammar(grammarOfJsonSchema(schema));
  return (text) => weighText(grammar, text) !== undefined;
}

describe('a pattern', () => {
  for (const pattern of [
    '^[^a]+$',
    '^.$',
    '^"x"$',
    '^\\\\$',
    '^[\\s\\S]{1,4}$',
    'b|"',
    '^(?:ab?|[^"]{2})*$',
    '\\d{3}-\\w',
    '^[\\u0000-\\u0040\\n]{3}$',
  ])
    it(`${pattern} gives JSON whose string matches it`, () => {
      for (const value of drawn({ type: 'string', pattern }))
        expect(value).toMatch(new RegExp(pattern, 'u'));
    });

  it('is kept beside lengths where one part of it varies', () => {
    const schema = { type: 'string', pattern: '^[a-z]+!$', minLength: 4, maxLength: 6 };
    for (const value of drawn(schema)) expect(value).toMatch(/^[a-z]{3,5}!$/);
    const takesIt = takes(schema);
    expect([takesIt('"abc!"'), takesIt('"abcdef!"'), takesIt('"ab!"')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('numbers', () => {
  const values = Array.from({ length: 900 }, (_, i) => (i < 880 ? (i - 440) / 20 || 0 : i - 780));

  for (const [minimum, maximum] of [
    [0, 1],
    [-1.5, 2.25],
    [0.05, 0.3],
    [-20, -3],
    [99, 1001],
    [12.5, 12.75],
    [-0.5, 0],
  ] as const)
    it(`from ${minimum} to ${maximum} are within it, and all within it are taken`, () => {
      const schema = { type: 'number', minimum, maximum };
      for (const value of drawn(schema)) {
        expect(value).toBeGreaterThanOrEqual(minimum);
        expect(value).toBeLessThanOrEqual(maximum);
      }
      const plain = takes(schema);
      const strict = takes({ exclusiveMinimum: minimum, exclusiveMaximum: maximum });
      for (const value of values) {
        const text = JSON.stringify(value);
        expect([text, plain(text)]).toEqual([text, value >= minimum && value <= maximum]);
        expect([text, strict(text)]).toEqual([text, value > minimum && value < maximum]);
      }
    });

  it('are whole where integers are asked for', () => {
    for (const [minimum, maximum] of [
      [-120, 95],
      [7, 1000],
      [-1.5, 2.25],
    ] as const) {
      const whole = takes({ type: 'integer', minimum, maximum });
      for (const value of values) {
        const isRight = Number.isInteger(value) && value >= minimum && value <= maximum;
        expect([value, whole(JSON.stringify(value))]).toEqual([value, isRight]);
      }
    }
  });

  it('are multiples where that is asked for', () => {
    for (const [schema, step] of [
      [{ type: 'integer', multipleOf: 5, minimum: 0, maximum: 20 }, 5],
      [{ type: 'integer', multipleOf: 7 }, 7],
      [{ type: 'number', multipleOf: 25, minimum: 0 }, 25],
      [{ type: 'number', multipleOf: 0.25, minimum: -1, maximum: 1 }, 0.25],
      [{ type: 'number', multipleOf: 0.01 }, 0.01],
    ] as const) {
      const takesIt = takes(schema);
      for (const value of drawn(schema)) {
        const times = Number(value) / step;
        expect(Math.abs(times - Math.round(times))).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(times)),
        );
      }
      expect(takesIt('0')).toBe(true);
      expect(takesIt(String(step))).toBe(true);
      expect(takesIt('3')).toBe(step === 0.01);
    }
  });
});

describe('what is not named', () => {
  it('has names that are none of the properties', () => {
    const schema = {
      type: 'object',
      properties: { act: { type: 'integer' }, actor: { const: 1 } },
      additionalProperties: { type: 'boolean' },
    };
    const takesIt = takes(schema);
    expect(takesIt('{"act": 1, "acts": true, "a": false}')).toBe(true);
    expect(takesIt('{"act": true}')).toBe(false);
    expect(takesIt('{"actor": 1, "actor": true}')).toBe(false);
    for (const value of drawn(schema)) expect(value).toBeTypeOf('object');
  });
});

describe('references', () => {
  it('may lead to the whole, to an encoded pointer and to an anchor', () => {
    const schema = {
      type: 'object',
      properties: {
        line: { $ref: '#/$defs/a%20b~1c' },
        word: { $ref: '#word' },
        next: { $ref: '#' },
      },
      required: ['line', 'word'],
      additionalProperties: false,
      $defs: { 'a b/c': { enum: ['ay', 'nay'] }, word: { $anchor: 'word', const: 'O' } },
    };
    const takesIt = takes(schema);
    expect(takesIt('{"line":"ay","word":"O","next":{"line":"nay","word":"O"}}')).toBe(true);
    expect(takesIt('{"line":"ay","word":"O","next":{}}')).toBe(false);
  });

  it('hold together with what stands beside them', () => {
    const takesIt = takes({
      $defs: { n: { type: 'integer', minimum: 1 } },
      $ref: '#/$defs/n',
      maximum: 3,
    });
    expect(['0', '1', '3', '4'].map(takesIt)).toEqual([false, true, true, false]);
  });
});

describe('arrays', () => {
  it('are as long as is asked, first items each of their own kind', () => {
    const schema = {
      type: 'array',
      prefixItems: [{ const: 'a' }, { type: 'integer' }],
      items: { type: 'boolean' },
      minItems: 1,
      maxItems: 4,
    };
    const takesIt = takes(schema);
    const fits = ['["a"]', '["a",1]', '["a",1,true]', '["a", 1, true, false]'];
    const not = ['[]', '["b"]', '["a",true]', '["a",1,true,false,true]'];
    expect(fits.map(takesIt)).toEqual(fits.map(() => true));
    expect(not.map(takesIt)).toEqual(not.map(() => false));
    const closed = takes({ ...schema, items: false });
    expect([closed('["a",1]'), closed('["a",1,true]')]).toEqual([true, false]);
  });

  it('hold different values where few are listed', () => {
    const schema = { items: { enum: ['ham', 'oph', 1] }, minItems: 2, uniqueItems: true };
    for (const value of drawn(schema)) {
      const items = value as unknown[];
      expect(new Set(items).size).toBe(items.length);
      expect(items.length).toBeGreaterThanOrEqual(2);
    }
  });
});

it('formats give texts of the format', () => {
  for (const value of drawn({ type: 'string', format: 'date-time' }))
    expect(Number.isNaN(Date.parse(String(value)))).toBe(false);
  for (const value of drawn({ type: 'string', format: 'email' }))
    expect(value).toMatch(/^[^@\s]+@[^@\s]+\.[^@\s]+$/);
});

it('a schema that says nothing gives any JSON', () => {
  for (const schema of [{}, true, { title: 'a note', 'x-own': 1 }]) drawn(schema, 200);
});

describe('what cannot be kept', () => {
  const endless = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
  const refused: [string, unknown][] = [
    ['"uniqueItems" cannot be kept', { type: 'array', uniqueItems: true }],
    ['"not" cannot be kept', { not: { const: 1 } }],
    ['"if" cannot be kept', { if: {} }],
    ['"contains" cannot be kept', { type: 'array', contains: { const: 1 } }],
    ['"patternProperties" cannot be kept', { patternProperties: { a: true } }],
    ['"propertyNames" cannot be kept', { propertyNames: { maxLength: 3 } }],
    ['"dependentRequired" cannot be kept', { dependentRequired: { a: ['b'] } }],
    ['"minProperties" cannot be kept', { type: 'object', minProperties: 1 }],
    ['"format" is "iri"', { type: 'string', format: 'iri' }],
    ['"maximun" is no keyword that is known', { type: 'integer', maximun: 3 }],
    ['"oneOf" cannot be kept', { oneOf: [{ type: 'integer' }, { minimum: 3, type: 'number' }] }],
    ['"pattern" cannot be kept: it looks ahead', { type: 'string', pattern: '^(?=a)' }],
    ['"$ref" leads back to itself', { $ref: '#' }],
    ['references into the same schema', { $ref: 'https://example.org/a' }],
    ['"minLength" is 5000', { type: 'string', minLength: 5000 }],
    ['"type" is "sonnet"', { type: 'sonnet' }],
    ['a value must hold another of its own kind', endless],
    ['no value fits it', false],
    ['no number is within its bounds', { type: 'integer', minimum: 2, maximum: 1 }],
    ['no number is within its bounds', { type: 'number', minimum: 3.5, maximum: 2.25 }],
  ];
  for (const [message, schema] of refused)
    it(`is refused by name: ${message}`, () => {
      expect(() => grammarOfJsonSchema(schema)).toThrow(
        expect.objectContaining({
          code: 'GRAMMAR_INVALID',
          message: expect.stringContaining(message),
        }),
      );
    });

  it('is named with its place', () => {
    const schema = { properties: { a: { items: { not: {} } } } };
    expect(() => grammarOfJsonSchema(schema)).toThrow(
      'the JSON Schema at #/properties/a/items: "not" cannot be kept',
    );
  });
});

describe('"oneOf"', () => {
  it('is kept where no value fits two', () => {
    const of = (kind: string) => ({
      type: 'object',
      properties: { kind: { const: kind }, n: { type: 'integer' } },
      required: ['kind'],
      additionalProperties: false,
    });
    const takesIt = takes({ oneOf: [of('a'), of('b'), { type: 'null' }] });
    expect(['{"kind":"a"}', '{"kind":"b","n":1}', 'null', '{"kind":"c"}'].map(takesIt)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('large schemas', () => {
  it('take time that grows with their length', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`p${i}`, { type: 'integer' }]),
    );
    const required = Object.keys(properties);
    const text = grammarOfJsonSchema({ type: 'object', properties, required });
    expect(text.length).toBeLessThan(40 * required.join().length);
    const nested = (depth: number): unknown =>
      Array.from({ length: depth }).reduce((inner: unknown) => ({ items: inner }), {});
    expect(grammarOfJsonSchema(nested(1500)).split('\n').length).toBeGreaterThan(1500);
  });

  it('are refused beyond a limit', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 80_000 }, (_, i) => [`p${i}`, { type: 'integer' }]),
    );
    expect(() => grammarOfJsonSchema({ properties })).toThrow(/at most 1000000 are read/);
  });
});
