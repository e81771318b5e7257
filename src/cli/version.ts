import { readFileSync } from 'node:fs';

/** Of this package, from `src/cli` as from `dist/cli`. */
export function version(): string {
  const path = new URL('../../package.json', import.meta.url);
  return String(JSON.parse(readFileSync(path, 'utf8')).version);
}
