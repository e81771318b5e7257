import { type Pointer, refuseAt } from './refuse-keyword.ts';

/** A JSON Schema that is an object, as it stands. */
export type SchemaObject = Readonly<Record<string, unknown>>;
export type Schema = SchemaObject | boolean;

export const jsonTypes = [
  'object',
  'array',
  'string',
  'number',
  'integer',
  'boolean',
  'null',
] as const;
export type JsonType = (typeof jsonTypes)[number];

/** @throws {DramatisError} GRAMMAR_INVALID for what is neither an object nor true or false. */
export function schemaIn(value: unknown, at: Pointer): Schema {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as SchemaObject;
  return refuseAt(at, 'a schema is an object, true or false');
}

/** A key as a part of a JSON Pointer. */
export const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * What a reference into the same document points at.
 *
 * @param reference Such as "#", "#/$defs/line" or "#line", which an "$anchor" answers.
 * @throws {DramatisError} GRAMMAR_INVALID for one that leads nowhere or into another document.
 */
export function followReference(
  root: unknown,
  reference: unknown,
  at: Pointer,
  anchors: () => ReadonlyMap<string, unknown>,
): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#'))
    refuseAt(
      at,
      `"$ref" is ${JSON.stringify(reference)}; references into the same schema are kept`,
    );
  const path = decoded(String(reference).slice(1), at);
  if (path !== '' && !path.startsWith('/')) {
    if (anchors().has(path)) return anchors().get(path);
    refuseAt(at, `"$ref" is "${reference}", and no "$anchor" is called so`);
  }
  let found = root;
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, key);
    if (!isThere) refuseAt(at, `"$ref" is "${reference}", and there is no "${key}"`);
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function decoded(text: string, at: Pointer): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuseAt(at, `"$ref" is "#${text}", which is not encoded as an address is`);
  }
}
