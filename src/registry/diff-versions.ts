import type { AdapterVersion, Json } from './version.ts';

/** One figure or fact in which two versions differ; undefined where one has none. */
export interface VersionDifference {
  /** Such as "recipe.rank" or "metrics.bits gain.value". */
  readonly field: string;
  readonly a: string | number | boolean | null | undefined;
  readonly b: string | number | boolean | null | undefined;
}

/** In what two versions differ, field by field, in the order the record has them. */
export function diffVersions(a: AdapterVersion, b: AdapterVersion): VersionDifference[] {
  const [left, right] = [leaves(a), leaves(b)];
  const fields = new Set([...left.keys(), ...right.keys()]);
  return [...fields]
    .map((field) => ({ field, a: left.get(field), b: right.get(field) }))
    .filter((difference) => difference.a !== difference.b);
}

type Leaf = string | number | boolean | null;

function leaves(version: AdapterVersion): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  const visit = (value: Json, field: string): void => {
    if (typeof value !== 'object' || value === null) found.set(field, value);
    else for (const [key, part] of Object.entries(value)) visit(part, `${field}.${key}`);
  };
  for (const [key, value] of Object.entries(version)) visit(value as Json, key);
  return found;
}
