import { execFileSync } from 'node:child_process';

/** Of the checkout this runs from; "release" where there is none. */
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
