import { closest } from 'fastest-levenshtein';
import { parsePlace } from '../../play/place.ts';

/** Reports a value that is not as it must be. */
type Refuse = (path: string, message: string, remedy: string) => void;

/** Refuses what is wrong with a value. */
export type Check = (value: unknown, path: string, refuse: Refuse) => void;

/** Fields that an object may have; those without a check of their own must not be there. */
export interface Shape {
  readonly fields: Readonly<Record<string, Check>>;
  readonly needs: readonly string[];
}

/** What stands in a field, in words for a message: `12`, `a list`, `"thee"`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

export const text: Check = (value, path, refuse) => {
  if (typeof value !== 'string')
    refuse(path, `"${path}" is ${shown(value)}`, 'Put a text between quotation marks.');
  else if (value.trim() === '') refuse(path, `"${path}" is empty`, 'Write it, or leave it out.');
};

export function oneOf(...values: readonly unknown[]): Check {
  return (value, path, refuse) => {
    if (!values.includes(value))
      refuse(
        path,
        `"${path}" is ${shown(value)}`,
        `Write ${values.map((one) => JSON.stringify(one)).join(' or ')}.`,
      );
  };
}

export function listOf(check: Check): Check {
  return (value, path, refuse) => {
    if (!Array.isArray(value))
      refuse(path, `"${path}" is ${shown(value)}`, 'Put a list between [ and ].');
    else for (const [i, one] of value.entries()) check(one, `${path}[${i}]`, refuse);
  };
}

export function object({ fields, needs }: Shape): Check {
  return (value, path, refuse) => {
    if (!isObject(value)) {
      const what = path === '' ? 'the file' : `"${path}"`;
      refuse(path, `${what} is ${shown(value)}`, 'Put an object between { and }.');
      return;
    }
    const inside = (key: string): string => (path === '' ? key : `${path}.${key}`);
    for (const [key, one] of Object.entries(value)) {
      if (Object.hasOwn(fields, key)) fields[key]!(one, inside(key), refuse);
      else
        refuse(
          inside(key),
          `there is no field "${inside(key)}"`,
          `Leave it out, or write "${closest(key, Object.keys(fields))}"; there are ${Object.keys(fields).join(', ')}.`,
        );
    }
    for (const key of needs)
      if (value[key] === undefined)
        refuse(path, `"${inside(key)}" is missing`, `Add "${key}": see data/cards/README.md.`);
  };
}

/** A sentence that holds throughout, or scenes with what holds from each on. */
export const wordsByScene: Check = (value, path, refuse) => {
  if (!isObject(value)) {
    text(value, path, refuse);
    return;
  }
  for (const [scene, told] of Object.entries(value)) {
    if (scene !== 'end') place(scene, `${path}.${scene}`, refuse);
    text(told, `${path}.${scene}`, refuse);
  }
};

export const place: Check = (value, path, refuse) => {
  try {
    parsePlace(String(value));
  } catch {
    refuse(path, `${shown(value)} in "${path}" is not a scene`, 'Write act.scene, such as "3.1".');
  }
};

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
