import { randomBytes } from 'node:crypto';

/** A name that sorts by time, and the six hexadecimal digits at its end that tell two apart. */
export interface TimedName {
  /** Such as "2026-01-31T12-00-00-000Z-hamlet-ophelia-1f2e3d". */
  readonly name: string;
  readonly id: string;
}

/** A new name for a file about `parts`, which hold only letters, digits and hyphens in it. */
export function timedName(time: string, parts: readonly string[]): TimedName {
  const id = randomBytes(3).toString('hex');
  return { name: [time.replaceAll(/[:.]/g, '-'), ...parts.map(nameSlug), id].join('-'), id };
}

/** "LADY MACBETH" → "lady-macbeth": safe in every file system. */
export function nameSlug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
