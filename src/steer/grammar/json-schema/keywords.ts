import { isRemark } from './merge-schemas.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import type { JsonType, SchemaObject } from './schema.ts';

/** Keywords that are kept, by the type of value that they speak of. */
const kept: readonly (readonly [JsonType, readonly string[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties']],
  ['array', ['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems']],
  ['string', ['minLength', 'maxLength', 'pattern', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];
/** Which type a keyword speaks of; those of any type are not here. */
export const keywordsOf: ReadonlyMap<string, JsonType> = new Map(
  kept.flatMap(([type, keywords]) => keywords.map((keyword) => [keyword, type] as const)),
);
const ofAnyType = new Set(['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref']);

/** Keywords that no grammar here keeps, with the values under which they say nothing. */
const refused: ReadonlyMap<string, readonly string[]> = new Map([
  ['not', ['false']],
  ['if', []],
  ['then', []],
  ['else', []],
  ['patternProperties', ['{}']],
  ['propertyNames', ['true', '{}']],
  ['dependentRequired', ['{}']],
  ['dependentSchemas', ['{}']],
  ['dependencies', ['{}']],
  ['unevaluatedProperties', ['true', '{}']],
  ['unevaluatedItems', ['true', '{}']],
  ['contains', []],
  ['minContains', []],
  ['maxContains', []],
  ['$dynamicRef', []],
  ['$dynamicAnchor', []],
  ['$recursiveRef', []],
  ['$recursiveAnchor', ['false']],
  ['nullable', ['false']],
  ['discriminator', []],
]);

/** Keywords of a schema that say what a text may be. */
export function assertedKeywords(schema: SchemaObject): string[] {
  return Object.keys(schema).filter(
    (keyword) =>
      !isRemark(keyword) && !refused.get(keyword)?.includes(JSON.stringify(schema[keyword])),
  );
}

/** @throws {DramatisError} GRAMMAR_INVALID for a keyword that is not kept, or not known. */
export function refuseUnknown(schema: SchemaObject, at: Pointer): void {
  for (const keyword of assertedKeywords(schema)) {
    if (keywordsOf.has(keyword) || ofAnyType.has(keyword)) continue;
    refuseAt(
      at,
      refused.has(keyword)
        ? `"${keyword}" cannot be kept`
        : `"${keyword}" is no keyword that is known`,
    );
  }
}

/** A keyword's whole number, 0 or more; `otherwise` without it. */
export function countIn(
  schema: SchemaObject,
  keyword: string,
  otherwise: number,
  at: Pointer,
): number {
  const value = schema[keyword];
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return refuseAt(at, `"${keyword}" is ${JSON.stringify(value)}; a whole number is wanted`);
}
