import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Version of this package, from `src/workspace` as from `dist/workspace`. */
export function version(): string {
  const path = new URL('../../package.json', import.meta.url);
  return String(JSON.parse(readFileSync(path, 'utf8')).version);
}

/** What records say they were made by, such as "dramatis 0.1.0". */
export const program = (): string => `dramatis ${version()}`;

/** The commit of the checkout that this runs from; "release" where there is none. */
export function commit(): string {
  try {
    const cwd = new URL('.', import.meta.url);
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'release';
  }
}
