import { type Pointer, refuseAt } from './refuse-keyword.ts';
import type { SchemaObject } from './schema.ts';

/** How two parts of an "allOf" that both have a keyword are said as one; those that are not here must be the same. */
const mergers: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  required: (a, b) => [...new Set([...listOf(a), ...listOf(b)])],
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
  uniqueItems: (a, b) => a === true || b === true,
};

/** Keywords that say nothing of what a text may be. */
const remarks = new Set([
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$comment', '$schema', '$id', '$anchor', '$defs', 'definitions', '$vocabulary'],
  ...['contentEncoding', 'contentMediaType', 'contentSchema', 'example', 'externalDocs', 'xml'],
]);

export const isRemark = (keyword: string): boolean =>
  remarks.has(keyword) || keyword.startsWith('x-');

/**
 * Two schemas that must both hold, as one.
 *
 * @throws {DramatisError} GRAMMAR_INVALID with the keyword that cannot be said as one.
 */
export function mergeSchemas(a: SchemaObject, b: SchemaObject, at: Pointer): SchemaObject {
  const merged: Record<string, unknown> = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    if (isRemark(keyword)) continue;
    merged[keyword] = Object.hasOwn(a, keyword)
      ? mergedValue(keyword, a[keyword], value, at)
      : value;
  }
  if (a.additionalProperties === false || b.additionalProperties === false)
    closeObject(merged, a, b, at);
  return merged;
}

function mergedValue(keyword: string, a: unknown, b: unknown, at: Pointer): unknown {
  if (isSame(a, b)) return a;
  if (keyword === 'properties') return mergedProperties(a, b);
  if (keyword === 'type') return commonTypes(a, b, at);
  if (keyword === 'enum' && Array.isArray(a) && Array.isArray(b))
    return a.filter((one) => b.some((other) => isSame(one, other)));
  const merge = mergers[keyword];
  if (merge) return merge(a, b);
  return refuseAt(
    at,
    `"${keyword}" is in two parts of "allOf", and what both say together cannot be kept`,
  );
}

/** A property that both name must fit both. */
function mergedProperties(a: unknown, b: unknown): unknown {
  const merged: Record<string, unknown> = { ...(a as SchemaObject) };
  for (const [name, schema] of Object.entries(b as SchemaObject))
    merged[name] =
      Object.hasOwn(merged, name) && !isSame(merged[name], schema)
        ? { allOf: [merged[name], schema] }
        : schema;
  return merged;
}

/** "additionalProperties: false" of one part closes its own properties, which those of the other must be among. */
function closeObject(
  merged: Record<string, unknown>,
  a: SchemaObject,
  b: SchemaObject,
  at: Pointer,
): void {
  for (const [closed, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (closed.additionalProperties !== false) continue;
    const own = Object.keys((closed.properties ?? {}) as object);
    const others = Object.keys((other.properties ?? {}) as object);
    const outside = others.find((name) => !own.includes(name));
    if (outside !== undefined)
      refuseAt(at, `"additionalProperties" of one part of "allOf" forbids "${outside}" of another`);
  }
  merged.additionalProperties = false;
}

function commonTypes(a: unknown, b: unknown, at: Pointer): unknown {
  const [first, second] = [listOf(a), listOf(b)];
  const has = (types: unknown[], type: unknown): boolean =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  const common = [
    ...first.filter((type) => has(second, type)),
    ...second.filter((type) => has(first, type) && !first.includes(type)),
  ];
  if (common.length === 0)
    refuseAt(at, `"type" is ${listOf(a).join()} and ${listOf(b).join()} at once`);
  return common.length === 1 ? common[0] : common;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
function larger(a: unknown, b: unknown): unknown {
  return Number(a) > Number(b) ? a : b;
}
function smaller(a: unknown, b: unknown): unknown {
  return Number(a) < Number(b) ? a : b;
}

/** Whether two JSON values are the same, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && isSame((a as SchemaObject)[key], (b as SchemaObject)[key]),
    )
  );
}
