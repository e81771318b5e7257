import { assertedKeywords } from './keywords.ts';
import { isRemark, isSame, mergeSchemas } from './merge-schemas.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import { followReference, jsonTypes, type Schema, type SchemaObject, schemaIn } from './schema.ts';

/** Schemas made of others: a recursion of such would make more without end. */
const mostMerges = 5000;
const mostChoicesCompared = 100;
const mostDepthCompared = 4;

/** Schemas without "$ref" and "allOf": what they lead to, each made once. */
export class ResolvedSchemas {
  readonly #root: unknown;
  readonly #resolved = new Map<SchemaObject, Schema>();
  readonly #open = new Set<SchemaObject>();
  #anchors: Map<string, unknown> | undefined;
  #merges = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** @throws {DramatisError} GRAMMAR_INVALID for a reference that leads nowhere or back to itself, and what cannot be merged. */
  resolve(value: unknown, at: Pointer): Schema {
    const schema = schemaIn(value, at);
    if (typeof schema === 'boolean') return schema;
    const known = this.#resolved.get(schema);
    if (known !== undefined) return known;
    if (this.#open.has(schema)) refuseAt(at, '"$ref" leads back to itself');
    this.#open.add(schema);
    const made = this.#made(schema, at);
    this.#open.delete(schema);
    this.#resolved.set(schema, made);
    return made;
  }

  #made(schema: SchemaObject, at: Pointer): Schema {
    const { $ref: reference, allOf, ...rest } = schema;
    if (reference === undefined && allOf === undefined) return schema;
    if (allOf !== undefined && !Array.isArray(allOf)) refuseAt(at, '"allOf" is no list');
    const parts: Schema[] = [];
    if (reference !== undefined) {
      const target = followReference(this.#root, reference, at, () => this.#allAnchors());
      parts.push(this.resolve(target, String(reference)));
    }
    for (const [i, part] of ((allOf ?? []) as unknown[]).entries())
      parts.push(this.resolve(part, `${at}/allOf/${i}`));
    if (assertedKeywords(rest).length > 0) parts.unshift(rest);
    if (parts.includes(false)) return false;
    const objects = parts.filter((part): part is SchemaObject => typeof part !== 'boolean');
    const [first, ...others] = objects;
    if (!first) return true;
    this.#merges += others.length;
    if (this.#merges > mostMerges) refuseAt(at, 'its "allOf" make ever new schemas');
    return others.reduce((merged, part) => mergeSchemas(merged, part, at), first);
  }

  #allAnchors(): ReadonlyMap<string, unknown> {
    if (this.#anchors) return this.#anchors;
    this.#anchors = new Map();
    const waiting: unknown[] = [this.#root];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (typeof next !== 'object' || next === null) continue;
      const { $anchor: anchor } = next as SchemaObject;
      if (typeof anchor === 'string') this.#anchors.set(anchor, next);
      waiting.push(...Object.values(next));
    }
    return this.#anchors;
  }

  /** Two of several schemas that a value may fit both, by number from 1; undefined if no value can. */
  findOverlap(schemas: readonly Schema[]): readonly [number, number] | undefined {
    if (schemas.length > mostChoicesCompared) return [1, 2];
    for (const [i, a] of schemas.entries())
      for (let j = i + 1; j < schemas.length; j++)
        if (!this.#areApart(a, schemas[j]!, 0)) return [i + 1, j + 1];
    return undefined;
  }

  #areApart(a: Schema, b: Schema, depth: number): boolean {
    if (a === false || b === false) return true;
    if (a === true || b === true || depth > mostDepthCompared) return false;
    const [values, others] = [valuesOf(a), valuesOf(b)];
    if (values && others)
      return !values.some((value) => others.some((other) => isSame(value, other)));
    const [types, otherTypes] = [typesOf(a), typesOf(b)];
    if (!types.some((type) => otherTypes.includes(type))) return true;
    const isObjects = [...types, ...otherTypes].every((type) => type === 'object');
    return isObjects && !values && !others && this.#areObjectsApart(a, b, depth);
  }

  #areObjectsApart(a: SchemaObject, b: SchemaObject, depth: number): boolean {
    if (forbidsWhatIsRequired(a, b) || forbidsWhatIsRequired(b, a)) return true;
    const [own, others] = [propertiesOf(a), propertiesOf(b)];
    const required = requiredOf(b);
    return requiredOf(a).some(
      (name) =>
        required.includes(name) &&
        Object.hasOwn(own, name) &&
        Object.hasOwn(others, name) &&
        this.#areApart(this.resolve(own[name], '#'), this.resolve(others[name], '#'), depth + 1),
    );
  }
}

function valuesOf(schema: SchemaObject): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** Types that a schema without references may allow; of an "anyOf" any. */
function typesOf(schema: SchemaObject): string[] {
  const values = valuesOf(schema);
  if (values) return [...new Set(values.map(typeOfValue))];
  const { type } = schema;
  if (type === undefined) return isObjectByKeywords(schema) ? ['object'] : [...jsonTypes];
  const types = (Array.isArray(type) ? type : [type]).map(String);
  return types.map((one) => (one === 'integer' ? 'number' : one));
}

const isObjectByKeywords = (schema: SchemaObject): boolean =>
  schema.properties !== undefined &&
  Object.keys(schema).every(
    (key) => isRemark(key) || ['properties', 'required', 'additionalProperties'].includes(key),
  );

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const propertiesOf = ({ properties }: SchemaObject): SchemaObject =>
  typeof properties === 'object' && properties !== null ? (properties as SchemaObject) : {};
const requiredOf = ({ required }: SchemaObject): string[] =>
  Array.isArray(required) ? required.map(String) : [];

function forbidsWhatIsRequired(closed: SchemaObject, other: SchemaObject): boolean {
  if (closed.additionalProperties !== false) return false;
  const own = propertiesOf(closed);
  return requiredOf(other).some((name) => !Object.hasOwn(own, name));
}
