import { parseGrammar } from '../../../engine/grammar-syntax.ts';
import { canEnd } from '../sample-grammar.ts';
import { arrayGrammar } from './array-grammar.ts';
import { assertedKeywords, keywordsOf, refuseUnknown } from './keywords.ts';
import { isSame } from './merge-schemas.ts';
import { numberGrammar } from './number-grammar.ts';
import { objectGrammar } from './object-grammar.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import { ResolvedSchemas } from './resolved-schemas.ts';
import type { Rules } from './rules.ts';
import { type JsonType, jsonTypes, type Schema, type SchemaObject } from './schema.ts';
import { jsonLiteral, stringGrammar } from './string-grammar.ts';

/** Schemas that a schema may hold: each becomes a rule or so. */
const mostSchemas = 50_000;
/** Characters of a schema's text. */
const mostSchemaLength = 1_000_000;

/**
 * The grammar of the JSON texts that a JSON Schema allows, as text. Every text of it is JSON that the schema allows; some
 * that it allows are left out, such as numbers with exponents and properties that it does not name.
 *
 * Each schema becomes a rule of its own, so that the work grows with the length of the schema and recursion is a rule that
 * names itself.
 *
 * @throws {DramatisError} GRAMMAR_INVALID for what is no schema, and for a keyword that cannot be kept, with its place.
 */
export function grammarOfJsonSchema(schema: unknown): string {
  const length = lengthOf(schema);
  if (length > mostSchemaLength)
    refuseAt('#', `it has ${length} characters; at most ${mostSchemaLength} are read`);
  try {
    return ending(new SchemaGrammar(schema).write());
  } catch (error) {
    if (error instanceof RangeError) return refuseAt('#', 'it is nested too deep');
    throw error;
  }
}

/** The grammar, if a text of it comes to an end: what must hold another of its own kind has none. */
function ending(text: string): string {
  if (!canEnd(parseGrammar(text)))
    refuseAt('#', 'a value must hold another of its own kind, so no JSON that fits it ends');
  return text;
}

function lengthOf(schema: unknown): number {
  try {
    return JSON.stringify(schema)?.length ?? 0;
  } catch {
    return refuseAt('#', 'it is nested too deep, or holds itself');
  }
}

/** What a rule is to be made of. */
interface Waiting {
  readonly name: string;
  readonly schema: Schema;
  readonly at: Pointer;
}

class SchemaGrammar implements Rules {
  readonly #resolved: ResolvedSchemas;
  readonly #root: unknown;
  readonly #lines: string[] = [];
  readonly #names = new Set<string>(['root']);
  readonly #known = new Map<Schema, string>();
  readonly #waiting: Waiting[] = [];

  constructor(root: unknown) {
    this.#root = root;
    this.#resolved = new ResolvedSchemas(root);
  }

  write(): string {
    const root = this.#resolved.resolve(this.#root, '#');
    if (typeof root !== 'boolean') this.#known.set(root, 'value');
    this.#names.add('value');
    this.#lines.push('root ::= value');
    this.#lines.push('space ::= " "?');
    this.#names.add('space');
    this.#waiting.push({ name: 'value', schema: root, at: '#' });
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      if (this.#lines.length > mostSchemas)
        refuseAt(next.at, `more than ${mostSchemas} rules come of it`);
      const parts = this.#alternatives(next.schema, next.at);
      if (parts.length === 0) refuseAt(next.at, 'no value fits it');
      this.#lines.push(`${next.name} ::= ${parts.join(' | ')}`);
    }
    return `${this.#lines.join('\n')}\n`;
  }

  of(schema: Schema, at: Pointer): string {
    const resolved = this.#resolved.resolve(schema, at);
    if (typeof resolved === 'boolean') return this.#anyValue();
    const known = this.#known.get(resolved);
    if (known !== undefined) return known;
    const name = this.#newName(at.slice(at.lastIndexOf('/') + 1));
    this.#known.set(resolved, name);
    this.#waiting.push({ name, schema: resolved, at });
    return name;
  }

  isNothing(schema: Schema, at: Pointer): boolean {
    return this.#resolved.resolve(schema, at) === false;
  }

  add(hint: string, body: string): string {
    const name = this.#newName(hint);
    this.#lines.push(`${name} ::= ${body}`);
    return name;
  }

  shared(name: string, body: () => string): string {
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.#lines.push(`${name} ::= ${body()}`);
    }
    return name;
  }

  #newName(hint: string): string {
    const base =
      hint
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, '')
        .slice(0, 40) || 'part';
    let name = base;
    for (let i = 2; this.#names.has(name); i++)
      name = i > 50 ? `${base}-${this.#names.size}` : `${base}-${i}`;
    this.#names.add(name);
    return name;
  }

  #anyValue(): string {
    const any = this.#known.get(anything);
    if (any !== undefined) return any;
    const name = this.#newName('anything');
    this.#known.set(anything, name);
    this.#waiting.push({ name, schema: anything, at: '#' });
    return name;
  }

  /** The alternatives of a schema, each a sequence. */
  #alternatives(schema: Schema, at: Pointer): string[] {
    if (schema === false) return [];
    if (schema === true) return [this.#anyValue()];
    refuseUnknown(schema, at);
    if (Object.hasOwn(schema, 'const') || Object.hasOwn(schema, 'enum'))
      return this.#values(schema, at);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return this.#choices(schema, choices, at);
    return typesOf(schema, at).map((type) => this.#ofType(type, schema, at));
  }

  #values(schema: SchemaObject, at: Pointer): string[] {
    const { enum: listed, const: only } = schema;
    if (listed !== undefined && !Array.isArray(listed)) refuseAt(at, '"enum" is no list');
    const values = Object.hasOwn(schema, 'const') ? [only] : (listed as unknown[]);
    const types = schema.type === undefined ? jsonTypes : typesOf(schema, at);
    const kept = values.filter(
      (value) =>
        types.some((type) => isOfType(value, type)) &&
        (!Array.isArray(listed) || listed.some((one) => isSame(one, value))),
    );
    const [beside] = assertedKeywords(schema).filter(
      (key) => !['const', 'enum', 'type'].includes(key),
    );
    if (beside !== undefined)
      refuseAt(at, `"${beside}" cannot be kept beside "${listed ? 'enum' : 'const'}"`);
    return kept.map((value) => valueGrammar(value));
  }

  /** Values of one of several schemas; what stands beside them holds for each. */
  #choices(schema: SchemaObject, choices: unknown, at: Pointer): string[] {
    const keyword = schema.anyOf === undefined ? 'oneOf' : 'anyOf';
    if (schema.anyOf !== undefined && schema.oneOf !== undefined)
      refuseAt(at, '"oneOf" cannot be kept beside "anyOf"');
    if (!Array.isArray(choices) || choices.length === 0) refuseAt(at, `"${keyword}" is no list`);
    const { [keyword]: _, ...beside } = schema;
    const hasBeside = assertedKeywords(beside).length > 0;
    const each = (choices as unknown[]).map((choice, i) => {
      const place = `${at}/${keyword}/${i}`;
      return {
        place,
        schema: this.#resolved.resolve(hasBeside ? { allOf: [beside, choice] } : choice, place),
      };
    });
    if (keyword === 'oneOf') {
      const apart = this.#resolved.findOverlap(each.map((one) => one.schema));
      if (apart)
        refuseAt(
          at,
          `"oneOf" cannot be kept: a value may fit both ${apart[0]} and ${apart[1]}; write "anyOf", or give each a "const" of its own`,
        );
    }
    return each.filter((one) => one.schema !== false).map((one) => this.of(one.schema, one.place));
  }

  #ofType(type: JsonType, schema: SchemaObject, at: Pointer): string {
    switch (type) {
      case 'null':
        return '"null"';
      case 'boolean':
        return '("true" | "false")';
      case 'string':
        return stringGrammar(schema, at, this);
      case 'integer':
      case 'number':
        return numberGrammar(type, schema, at, this);
      case 'array':
        return arrayGrammar(schema, at, this);
      case 'object':
        return objectGrammar(schema, at, this);
    }
  }
}

/** What `true` and `{}` allow. */
const anything: SchemaObject = Object.freeze({
  type: [...jsonTypes.filter((t) => t !== 'integer')],
});

function typesOf(schema: SchemaObject, at: Pointer): JsonType[] {
  const { type } = schema;
  if (type === undefined) return impliedTypes(schema);
  const types = Array.isArray(type) ? type : [type];
  const unknown = types.find((one) => !jsonTypes.includes(one as JsonType));
  if (unknown !== undefined || types.length === 0)
    refuseAt(at, `"type" is ${JSON.stringify(type)}; there are ${jsonTypes.join(', ')}`);
  const all = new Set(types as JsonType[]);
  if (all.has('number')) all.delete('integer');
  return [...all];
}

/** Without a type, keywords tell which one is meant; a schema that says nothing allows anything. */
function impliedTypes(schema: SchemaObject): JsonType[] {
  const types = new Set<JsonType>();
  for (const keyword of assertedKeywords(schema)) {
    const type = keywordsOf.get(keyword);
    if (type) types.add(type);
  }
  return types.size > 0 ? [...types] : jsonTypes.filter((type) => type !== 'integer');
}

function isOfType(value: unknown, type: JsonType): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** A given JSON value as a grammar, blanks allowed where texts of a schema have them. */
function valueGrammar(value: unknown): string {
  if (Array.isArray(value) && value.length > 0)
    return `"[" space ${value.map(valueGrammar).join(' "," space ')} space "]"`;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const pairs = Object.entries(value).map(
      ([key, one]) => `${jsonLiteral(key)} ":" space ${valueGrammar(one)}`,
    );
    if (pairs.length > 0) return `"{" space ${pairs.join(' "," space ')} space "}"`;
  }
  return jsonLiteral(value);
}
